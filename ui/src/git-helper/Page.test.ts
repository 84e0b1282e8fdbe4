// The page of the git helper, against a Rust side that answers as each test tells it.
import { clearMocks, mockIPC } from '@tauri-apps/api/mocks';
import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { GitHelperPage } from '../lib/bindings/GitHelperPage';
import type { GitView } from '../lib/bindings/GitView';
import type { Programs } from '../lib/bindings/Programs';
import Page from './Page.svelte';

const programs = (more: Partial<Programs> = {}): Programs => ({
  folder: '~/.local/bin',
  state: 'missing',
  rows: [{ name: 'git-remote-codecommit', state: 'absent', words: 'Not installed', shadowedBy: null }],
  pathLine: null,
  canRemove: false,
  ...more,
});
const git = (more: Partial<GitView> = {}): GitView => ({
  version: '2.47.3',
  state: 'not-set-up',
  hosts: [
    { hosts: 'git-codecommit.REGION.amazonaws.com', isHoldfast: false, words: 'Nobody answers.' },
  ],
  problems: [],
  remoteHelper: null,
  allowSubmodules: null,
  ...more,
});

const made: Record<string, unknown>[] = [];
let page: GitHelperPage;

beforeEach(() => {
  made.length = 0;
  page = { programs: programs(), git: git(), gitTrouble: null };
  mockIPC(
    (command, args) => {
      if (command === 'git_helper') return page;
      if (command === 'plan_git_change')
        return {
          fingerprint: 'f',
          diffs: ['--- ~/.gitconfig\n+++ ~/.gitconfig\n+\thelper = /x/git-credential-holdfast\n'],
          files: [],
          notes: ['A backup of the file is kept beside it.'],
        };
      if (command === 'make_git_change') {
        made.push(args as Record<string, unknown>);
        page = { ...page, git: git({ state: 'set-up' }) };
        return { message: 'git asks Holdfast.', hints: ['What it held before is in ~/b.'] };
      }
      return 0;
    },
    { shouldMockEvents: true },
  );
});
afterEach(() => {
  cleanup();
  clearMocks();
});

test('git is set up after its lines were shown', async () => {
  render(Page);
  await fireEvent.click(await screen.findByRole('button', { name: 'Set up…' }));
  const dialog = within(await screen.findByRole('dialog'));
  await dialog.findByText(/helper = \/x\/git-credential-holdfast/);
  expect(made).toEqual([]);
  await fireEvent.click(dialog.getByRole('button', { name: 'Set up' }));
  await screen.findByText('What it held before is in ~/b.');
  expect(made).toEqual([{ change: 'set-up', fingerprint: 'f' }]);
  await screen.findByText('git asks Holdfast about CodeCommit, and about nothing else.');
  expect(screen.queryByRole('button', { name: 'Set up…' })).toBeNull();
  await screen.findByRole('button', { name: 'Undo…' });
});

test.each([
  [{ state: 'missing' }, ['Install…'], ['Remove…', 'Update…']],
  [{ state: 'outdated', canRemove: true }, ['Update…', 'Remove…'], ['Install…']],
  [{ state: 'installed', canRemove: true }, ['Remove…'], ['Install…', 'Update…']],
  [{ state: 'packaged' }, [], ['Install…', 'Update…', 'Remove…']],
  [{ state: 'unavailable' }, [], ['Install…', 'Update…', 'Remove…']],
] as [Partial<Programs>, string[], string[]][])('programs that are %o', async (more, there, absent) => {
  page = { ...page, programs: programs(more) };
  render(Page);
  await screen.findByText('git-remote-codecommit');
  for (const name of there) expect(screen.queryByRole('button', { name })).not.toBeNull();
  for (const name of absent) expect(screen.queryByRole('button', { name })).toBeNull();
});

test('what is in the way is told', async () => {
  page = {
    programs: programs({
      state: 'installed',
      rows: [
        {
          name: 'git-remote-codecommit',
          state: 'current',
          words: '~/.local/bin/git-remote-codecommit',
          shadowedBy: '/usr/bin/git-remote-codecommit',
        },
      ],
      pathLine: { file: '~/.bashrc', line: 'export PATH="$HOME/.local/bin":"$PATH"' },
    }),
    git: git({ state: 'broken', problems: ['store is configured behind Holdfast.'] }),
    gitTrouble: null,
  };
  render(Page);
  await screen.findByText('/usr/bin/git-remote-codecommit');
  await screen.findByText('export PATH="$HOME/.local/bin":"$PATH"');
  await screen.findByText('store is configured behind Holdfast.');
  await screen.findByRole('button', { name: 'Mend…' });
});

test('without git the programs are shown all the same', async () => {
  page = {
    ...page,
    git: null,
    gitTrouble: { message: 'Git is not on the PATH.', hints: [], code: null },
  };
  render(Page);
  await screen.findByText('Git is not on the PATH.');
  await screen.findByText('git-remote-codecommit');
});
