// Sessions as a person sees and uses it.
import { clearMocks, mockIPC } from '@tauri-apps/api/mocks';
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { SessionRow } from '../lib/bindings/SessionRow';
import type { SessionsPage } from '../lib/bindings/SessionsPage';
import { location } from '../lib/navigation.svelte';
import { filtered } from './filter';
import Page from './Page.svelte';

const now = () => Math.floor(Date.now() / 1000);
let page: SessionsPage | { message: string };
let asked: [string, unknown][];
let answer: (command: string) => unknown;

beforeEach(() => {
  asked = [];
  answer = () => null;
  mockIPC(
    (command, args) => {
      if (command === 'sessions') {
        if ('message' in page) throw page;
        return page;
      }
      asked.push([command, args]);
      return answer(command);
    },
    { shouldMockEvents: true },
  );
});
afterEach(() => {
  cleanup();
  clearMocks();
});

function row(profile: string, more: Partial<SessionRow> = {}): SessionRow {
  return {
    profile,
    mark: 'live',
    state: 'Live',
    left: null,
    bar: null,
    words: 'MFA session',
    hints: [],
    problems: [],
    action: { label: 'Copy clone command', kind: 'copy-clone-command', host: 'h', repository: 'r' },
    menu: [{ label: 'Sign out', kind: 'sign-out' }],
    ...more,
  };
}

function of(rows: SessionRow[], more: Partial<SessionsPage> = {}): SessionsPage {
  return {
    live: rows.length,
    needing: 0,
    nextSignIn: null,
    canSignOut: true,
    groups: rows.length > 0 ? [{ title: 'Me, IAM user in 1111-1111-1111', portal: null, rows }] : [],
    broken: [],
    problems: [],
    ...more,
  };
}

test('a row counts down and says that it renews itself', async () => {
  vi.useFakeTimers({ now: 1_795_168_800_000, toFake: ['Date', 'setInterval', 'clearInterval'] });
  page = of([row('dev', { left: { until: now() + 3120, renewsItself: true } })]);
  render(Page);
  const time = await screen.findByText('52 min, renews itself');
  expect(time.tagName).toBe('TIME');
  await vi.advanceTimersByTimeAsync(61_000);
  expect(time.textContent).toBe('50 min, renews itself');
  vi.useRealTimers();
});

test.each([
  ['Sign in', { label: 'Sign in', kind: 'sign-in' }, ['renew', { profile: 'dev', withCode: false }]],
  ['Renew…', { label: 'Renew…', kind: 'renew-with-code' }, ['renew', { profile: 'dev', withCode: true }]],
  ['Try again', { label: 'Try again', kind: 'renew' }, ['renew', { profile: 'dev', withCode: false }]],
  [
    'Copy clone command',
    { label: 'Copy clone command', kind: 'copy-clone-command', host: 'h', repository: 'r' },
    ['copy_clone_command', { profile: 'dev', host: 'h', repository: 'r' }],
  ],
] as const)('%s is asked for', async (label, action, expected) => {
  page = of([row('dev', { action })]);
  render(Page);
  await fireEvent.click(await screen.findByRole('button', { name: `${label}, dev` }));
  await waitFor(() => expect(asked).toEqual([expected]));
});

test('everything else is in the menu, by keyboard', async () => {
  page = of([row('dev')]);
  render(Page);
  await fireEvent.click(await screen.findByRole('button', { name: 'More for dev' }));
  const item = await screen.findByRole('menuitem', { name: 'Sign out' });
  await waitFor(() => expect(document.activeElement).toBe(item));
  await fireEvent.keyDown(item, { key: 'Escape' });
  expect(screen.queryByRole('menu')).toBeNull();
  await fireEvent.click(screen.getByRole('button', { name: 'More for dev' }));
  await fireEvent.click(await screen.findByRole('menuitem', { name: 'Sign out' }));
  await waitFor(() => expect(asked).toEqual([['sign_out', { profile: 'dev' }]]));
});

test('what was refused stands in its row, but not what the person declined', async () => {
  page = of([row('dev', { action: { label: 'Sign in', kind: 'sign-in' } })]);
  render(Page);
  const button = await screen.findByRole('button', { name: 'Sign in, dev' });
  answer = () => {
    throw { message: 'AWS refused the key', hints: ['Look at it.'], code: 'key-inactive' };
  };
  await fireEvent.click(button);
  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toContain('AWS refused the key');
  expect(alert.textContent).toContain('Look at it.');
  answer = () => {
    throw { message: 'declined', hints: [], code: 'declined' };
  };
  await fireEvent.click(button);
  await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
});

test('names are text, whatever they hold', async () => {
  const name = '<img src=x onerror="document.title=1">';
  page = of([row(name), row('שלום‮abc'), row('🐙'.repeat(60)), row('x'.repeat(200))]);
  render(Page);
  expect((await screen.findAllByText(name)).length).toBe(1);
  expect(document.querySelector('img')).toBeNull();
  expect(screen.getByText('x'.repeat(200)).title).toBe('x'.repeat(200));
});

test('the search narrows, Enter acts on the first, and the keys walk', async () => {
  page = of([row('alpha'), row('beta'), row('gamma')]);
  render(Page, { target: document.body.appendChild(document.createElement('main')) });
  await screen.findByText('alpha');
  await fireEvent.keyDown(document.body, { key: '/' });
  const field = screen.getByRole('searchbox', { name: 'Search profiles' });
  expect(document.activeElement).toBe(field);
  await fireEvent.keyDown(field, { key: 'ArrowDown' });
  const named = (name: string) => screen.getByRole('button', { name: `Copy clone command, ${name}` });
  expect(document.activeElement).toBe(named('alpha'));
  await fireEvent.keyDown(named('alpha'), { key: 'ArrowDown' });
  expect(document.activeElement).toBe(named('beta'));
  await fireEvent.keyDown(named('beta'), { key: 'End' });
  expect(document.activeElement).toBe(named('gamma'));
  await fireEvent.input(field, { target: { value: 'BET' } });
  expect(screen.queryByText('alpha')).toBeNull();
  await fireEvent.keyDown(field, { key: 'Enter' });
  await waitFor(() => expect(asked[0]?.[0]).toBe('copy_clone_command'));
  await fireEvent.input(field, { target: { value: 'nothing' } });
  expect(screen.getByText('No profile holds “nothing”.')).toBeTruthy();
});

test('signing out of all asks first', async () => {
  page = of([row('dev')]);
  render(Page);
  await fireEvent.click(await screen.findByRole('button', { name: 'Sign out all…' }));
  const dialog = document.querySelector('dialog')!;
  expect(asked).toEqual([]);
  await fireEvent.submit(dialog.querySelector('form')!);
  await waitFor(() => expect(asked).toEqual([['sign_out', { profile: null }]]));
  await waitFor(() => expect(document.querySelector('dialog')).toBeNull());
});

test('problems name file and line', async () => {
  const problem = { place: '/home/me/.aws/config, line 12', message: 'source_profile names itself' };
  const broken = row('loop', { mark: 'fault', state: 'Has a problem', problems: [problem], action: null });
  page = of([row('dev')], { broken: [broken] });
  render(Page);
  const list = await screen.findByRole('list', { name: 'Profiles with problems' });
  expect(within(list).getByText('source_profile names itself')).toBeTruthy();
  expect(within(list).getByText('/home/me/.aws/config, line 12')).toBeTruthy();
});

test('without profiles the one button adds one', async () => {
  page = of([], { live: 0, canSignOut: false });
  render(Page);
  await fireEvent.click(await screen.findByRole('button', { name: 'Add profile…' }));
  expect(location.page).toBe('add-profile');
});

test('an agent that cannot be reached is said, and tried again', async () => {
  page = { message: 'the agent cannot be reached' };
  render(Page);
  const again = await screen.findByRole('button', { name: 'Try again' });
  page = of([row('dev')]);
  await fireEvent.click(again);
  expect(await screen.findByText('dev')).toBeTruthy();
});

test('a search looks at name, chain and group, for every word', () => {
  const rows = Array.from({ length: 1000 }, (_, n) => row(`profile-${n}`, { words: `role R${n}` }));
  const found = (search: string) => filtered(of(rows), search).groups.flatMap(({ rows }) => rows);
  expect(found('profile-777').map(({ profile }) => profile)).toEqual(['profile-777']);
  expect(found('r777 PROFILE').length).toBe(1);
  expect(found('iam 1111 r999').length).toBe(1);
  expect(found(' ').length).toBe(1000);
  expect(found('r777 r778').length).toBe(0);
});
