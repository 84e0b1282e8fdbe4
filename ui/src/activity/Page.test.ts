import { clearMocks, mockIPC } from '@tauri-apps/api/mocks';
import { emit } from '@tauri-apps/api/event';
import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ActivityRow } from '../lib/bindings/ActivityRow';
import { location } from '../lib/navigation.svelte';
import Page from './Page.svelte';
import { entry } from './testing';

/** Entries that the agent gives at a time, whatever it is asked for. */
const PAGE = 10;

/** What the agent recorded, newest first. */
let record: ActivityRow[];
let refusal: unknown;

beforeEach(() => {
  record = [];
  refusal = undefined;
  mockIPC(
    (command, args) => {
      if (command !== 'activity') return undefined;
      if (refusal) throw refusal;
      const { before, limit } = args as { before: number | null; limit: number };
      const older = record.filter((row) => before === null || row.id < before);
      const given = Math.min(limit, PAGE);
      return { rows: older.slice(0, given), more: older.length > given };
    },
    { shouldMockEvents: true },
  );
});

afterEach(() => {
  cleanup();
  clearMocks();
});

/** The page in the frame's scrolling element. */
async function show(): Promise<HTMLElement> {
  const main = document.body.appendChild(document.createElement('main'));
  render(Page, { target: main });
  await settled();
  return main;
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 8; turn++) await Promise.resolve().then(tick);
  await new Promise((resolve) => setTimeout(resolve));
  await tick();
}

async function happened(...rows: ActivityRow[]): Promise<void> {
  record = [...rows, ...record];
  await emit('changed', ['activity']);
  await settled();
}

function many(count: number): ActivityRow[] {
  return Array.from({ length: count }, (_, at) => entry({ id: count - at, title: `program ${count - at}` }));
}

function titles(): string[] {
  const names = document.querySelectorAll('li .name');
  return [...names].map((name) => name.textContent);
}

test('before anything has happened there is one button to begin with', async () => {
  await show();
  expect(screen.getByText('Nothing has happened yet')).toBeTruthy();
  await fireEvent.click(screen.getByRole('button', { name: 'Set up git…' }));
  expect(location.page).toBe('git-helper');
  await happened(entry({ id: 1 }));
  expect(titles()).toEqual(['git fetch']);
});

test('an entry tells who, what, for which profile, how often and why not', async () => {
  record = [
    entry({ id: 2, title: 'git push in ProjectAlpha', words: 'password for MyDemoRepo', times: 3 }),
    entry({
      id: 1,
      sign: 'refused',
      meaning: 'refused',
      refused: true,
      title: '<img src=x onerror=alert(1)>',
      reason: 'Nobody entered the code in time.',
    }),
  ];
  const main = await show();
  const [push, refused] = screen.getAllByRole('listitem') as [HTMLElement, HTMLElement];
  expect(within(push).getByText('×3')).toBeTruthy();
  expect(within(push).getByRole('img', { name: 'received' })).toBeTruthy();
  expect(push.querySelector('time')?.title).toMatch(/\d{4}/);
  expect(within(refused).getByRole('img', { name: 'refused' })).toBeTruthy();
  expect(within(refused).getByText('Nobody entered the code in time.')).toBeTruthy();
  expect(main.querySelector('img')).toBeNull();
  await fireEvent.click(within(push).getByRole('button', { name: 'dev' }));
  expect({ ...location }).toEqual({ page: 'sessions', profile: 'dev' });
});

test('the filter is reached with a slash, and left with escape', async () => {
  record = [entry({ id: 2, title: 'aws', refused: true }), entry({ id: 1, title: 'terraform' })];
  await show();
  await fireEvent.keyDown(window.document.body, { key: '/' });
  const field = screen.getByRole('searchbox');
  expect(document.activeElement).toBe(field);
  await fireEvent.input(field, { target: { value: 'terra' } });
  expect(titles()).toEqual(['terraform']);
  expect(screen.getByText('1 entry matches')).toBeTruthy();
  await fireEvent.input(field, { target: { value: 'nothing like it' } });
  expect(screen.getByText('Looked at all 2 entries.')).toBeTruthy();
  await fireEvent.keyDown(field, { key: 'Escape' });
  expect(titles()).toEqual(['aws', 'terraform']);
  await fireEvent.click(screen.getByRole('checkbox', { name: 'Refused only' }));
  expect(titles()).toEqual(['aws']);
});

test('older entries are fetched when asked for', async () => {
  record = many(25);
  await show();
  for (const count of [10, 20, 25]) {
    expect(titles()).toHaveLength(count);
    const older = screen.queryByText('Show older');
    if (older) await fireEvent.click(older);
    await settled();
  }
  expect(screen.queryByText('Show older')).toBeNull();
});

test('nothing moves while somebody reads', async () => {
  record = many(3);
  const main = await show();
  await happened(entry({ id: 4, title: 'at the top' }));
  expect(titles()[0]).toBe('at the top');

  main.scrollTop = 500;
  record = record.map((row) => (row.id === 3 ? { ...row, times: 9 } : row));
  await happened(entry({ id: 6, title: 'newer' }), entry({ id: 5, title: 'new' }));
  expect(titles()).toHaveLength(4);
  expect(screen.getByText('×9')).toBeTruthy();
  await fireEvent.click(screen.getByRole('button', { name: '2 new entries' }));
  expect(titles().slice(0, 3)).toEqual(['newer', 'new', 'at the top']);
  expect(screen.queryByRole('button', { name: /new entr/ })).toBeNull();
});

test('more than a page of news replaces what does not follow it', async () => {
  record = many(5);
  const main = await show();
  main.scrollTop = 500;
  record = many(40);
  await happened();
  expect(titles()).toHaveLength(5);
  await fireEvent.click(screen.getByText('10 new entries'));
  expect([titles()[0], titles().length]).toEqual(['program 40', 10]);
  expect(screen.getByText('Show older')).toBeTruthy();
});

test('a record that was deleted is shown as it begins anew', async () => {
  record = many(5);
  await show();
  record = [];
  await happened(entry({ id: 1, title: 'first again' }));
  expect(titles()).toEqual(['first again']);
});

test('trouble stands beside what was told before it', async () => {
  record = many(2);
  await show();
  refusal = { message: 'The agent cannot be reached', hints: [], code: null };
  await happened();
  expect(screen.getByText('The agent cannot be reached')).toBeTruthy();
  expect(titles()).toHaveLength(2);
  refusal = undefined;
  await fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  await settled();
  expect(screen.queryByText('The agent cannot be reached')).toBeNull();
});
