// The doctor's page, against a Rust side that answers as each test tells it.
import { clearMocks, mockIPC } from '@tauri-apps/api/mocks';
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DoctorPage } from '../lib/bindings/DoctorPage';
import type { FindingRow } from '../lib/bindings/FindingRow';
import type { Grade } from '../lib/bindings/Grade';
import { location } from '../lib/navigation.svelte';
import Page from './Page.svelte';

const finding = (what: string, more: Partial<FindingRow> = {}): FindingRow => ({
  what,
  also: [],
  breaks: null,
  place: null,
  advice: [],
  mend: null,
  page: null,
  ...more,
});
const found = (summary: string | null, groups: Partial<Record<Grade, FindingRow[]>>): DoctorPage => ({
  repository: null,
  summary,
  groups: Object.entries(groups).map(([grade, findings]) => ({ grade: grade as Grade, findings })),
});
const url = finding('remote.origin.url names the user jo', {
  breaks: 'git sends that user with an empty password, CodeCommit answers 403.',
  place: '~/app/.git/config',
  mend: { id: 7, title: 'Change remote.origin.url?', action: 'Change', removes: false },
});
const well = found(null, { good: [finding('git 2.47.3'), finding('AWS answers')] });

let page: DoctorPage;
let fails: unknown;
let chosen: boolean | object;
let asked: [string, unknown][];
const times = (command: string) => asked.filter(([name]) => name === command).length;

beforeEach(() => {
  asked = [];
  fails = undefined;
  chosen = true;
  page = well;
  mockIPC(
    (command, args) => {
      asked.push([command, args]);
      if (command === 'examine') {
        if (fails) throw fails;
        return page;
      }
      if (command === 'choose_repository') {
        if (typeof chosen === 'object') throw chosen;
        page = chosen ? { ...page, repository: '~/app' } : page;
        return chosen;
      }
      if (command === 'leave_repository') page = { ...page, repository: null };
      if (command === 'plan_mend')
        return {
          fingerprint: 'f',
          diffs: ['- remote.origin.url = https://jo@h/a\n+ remote.origin.url = https://h/a\n'],
          files: [],
          notes: ['Nothing else in ~/app changes.'],
        };
      if (command === 'make_mend') {
        page = well;
        return { message: 'remote.origin.url is https://h/a now.', hints: [] };
      }
      return null;
    },
    { shouldMockEvents: true },
  );
});
afterEach(() => {
  cleanup();
  clearMocks();
});

test('where nothing is wrong it says so, and the rest is folded up', async () => {
  render(Page);
  await screen.findByRole('heading', { name: 'Everything is as it should be' });
  await screen.findByText('Nothing is wrong.');
  const folded = screen.getByText('2 things are as they should be').closest('details');
  expect(folded?.open).toBe(false);
  expect(times('examine')).toBe(1);
});

test('a finding says what is, what that breaks and where, and is mended after its change was shown', async () => {
  page = found('1 problem', { problem: [url] });
  render(Page);
  await screen.findByRole('heading', { name: 'Broken' });
  await screen.findByText('1 problem');
  await screen.findByText(/CodeCommit answers 403/);
  await screen.findByText('~/app/.git/config');
  await fireEvent.click(screen.getByRole('button', { name: /^Change…/ }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Change remote.origin.url?' }));
  await dialog.findByText('+ remote.origin.url = https://h/a');
  expect(times('make_mend')).toBe(0);
  await fireEvent.click(dialog.getByRole('button', { name: 'Change' }));
  await screen.findByText('remote.origin.url is https://h/a now.');
  expect(asked).toContainEqual(['make_mend', { id: 7, fingerprint: 'f' }]);
  await screen.findByRole('heading', { name: 'Everything is as it should be' });
  expect(times('examine')).toBe(2);
});

test('the worst comes first, and what differs by host alone stands together', async () => {
  page = found('1 problem, 1 warning', {
    problem: [finding('No helper answers for a', { also: ['No helper answers for b'] })],
    warning: [finding('The access key of dev is in plain text')],
    note: [finding('GitHub Desktop is installed')],
  });
  render(Page);
  await screen.findByText('No helper answers for b');
  const titles = screen.getAllByRole('heading', { level: 2 }).map((it) => it.textContent);
  expect(titles).toEqual(['Broken', 'Could be better', 'Worth knowing']);
  expect(screen.getAllByRole('listitem')).toHaveLength(3);
});

test('a command is copied by its number, and a page that helps is a button away', async () => {
  page = found('1 warning', {
    warning: [
      finding('The access key of dev is in plain text', {
        advice: [{ words: 'Move it', command: 'holdfast keys import', id: 3 }],
        page: { page: 'add-profile', title: 'Add profile…' },
      }),
    ],
  });
  render(Page);
  await fireEvent.click(await screen.findByRole('button', { name: 'Copy holdfast keys import' }));
  await screen.findByText('Copied holdfast keys import');
  expect(asked).toContainEqual(['copy_advice', { id: 3 }]);
  await fireEvent.click(screen.getByRole('button', { name: /^Add profile…/ }));
  expect(location.page).toBe('add-profile');
});

test('the arrow keys come to what mends, before what is copied', async () => {
  const advice = [{ words: '', command: 'holdfast profiles', id: 3 }];
  page = found('2 problems', {
    problem: [finding('No such profile', { advice }), { ...url, advice }],
  });
  const main = document.body.appendChild(document.createElement('main'));
  render(Page, { target: main });
  const [first] = await screen.findAllByRole('button', { name: 'Copy holdfast profiles' });
  first!.focus();
  await fireEvent.keyDown(first!, { key: 'ArrowDown' });
  expect(document.activeElement?.textContent).toContain('Change…');
  main.remove();
});

test('a repository is looked at, too, until it is left out', async () => {
  render(Page);
  await fireEvent.click(await screen.findByRole('button', { name: 'Look at a repository…' }));
  await screen.findByText('~/app');
  expect(times('examine')).toBe(2);
  await fireEvent.click(screen.getByRole('button', { name: 'Leave it out' }));
  await waitFor(() => expect(screen.queryByText('~/app')).toBeNull());
});

test('a folder without a repository is refused, and no choice changes nothing', async () => {
  chosen = { message: '~/x is in no repository of git.', hints: [], code: null };
  render(Page);
  const button = await screen.findByRole('button', { name: 'Look at a repository…' });
  await fireEvent.click(button);
  await screen.findByText('~/x is in no repository of git.');
  chosen = false;
  await fireEvent.click(button);
  await waitFor(() => expect(screen.queryByText('~/x is in no repository of git.')).toBeNull());
  expect(times('examine')).toBe(1);
});

test('an examination that fails is told, and made again', async () => {
  fails = { message: 'The examination has not ended in two minutes.', hints: [], code: null };
  render(Page);
  await screen.findByText('The examination has not ended in two minutes.');
  fails = undefined;
  await fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  await screen.findByRole('heading', { name: 'Everything is as it should be' });
  expect(screen.queryByRole('alert')).toBeNull();
});

test('nothing is looked at by itself when the window comes back', async () => {
  render(Page);
  await screen.findByText('Nothing is wrong.');
  await fireEvent(window, new Event('focus'));
  expect(times('examine')).toBe(1);
});
