// The page that adds profiles, against a Rust side that answers as each test tells it.
import { clearMocks, mockIPC } from '@tauri-apps/api/mocks';
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AddProfilePage } from '../lib/bindings/AddProfilePage';
import type { KeyRow } from '../lib/bindings/KeyRow';
import Page from './Page.svelte';

const key = (profile: string, held: KeyRow['held']): KeyRow => ({
  profile,
  id: `AKIA${profile.toUpperCase()}EXAMPLE`,
  words: `AKIA…MPLE in ~/.aws/credentials, line 2`,
  held,
});

const page = (more: Partial<AddProfilePage> = {}): AddProfilePage => ({
  configFile: '~/.aws/config',
  credentialsFile: '~/.aws/credentials',
  profiles: ['main', 'dev'],
  keys: [],
  kept: [],
  mfaDevices: ['arn:aws:iam::111111111111:mfa/mary'],
  problems: [],
  isEmpty: false,
  ...more,
});

type Answers = Record<string, (args: Record<string, unknown>) => unknown>;
const asked: [string, Record<string, unknown>][] = [];

function answer(answers: Answers): void {
  mockIPC(
    (command, args) => {
      if (command.startsWith('plugin:')) return 0;
      const told = (args ?? {}) as Record<string, unknown>;
      asked.push([command, told]);
      const found = answers[command];
      if (!found) throw { message: `nobody answers ${command}`, hints: [], code: null };
      return found(told);
    },
    { shouldMockEvents: true },
  );
}

beforeEach(() => {
  asked.length = 0;
});
afterEach(() => {
  cleanup();
  clearMocks();
});

const click = async (name: string | RegExp): Promise<void> => {
  await fireEvent.click(await screen.findByRole('button', { name }));
};
const askedFor = (command: string): Record<string, unknown>[] =>
  asked.filter(([name]) => name === command).map(([, args]) => args);

test('keys are imported as they are ticked, and none replaces another by itself', async () => {
  const keys = [key('one', 'nothing'), key('two', 'nothing'), key('three', 'other'), key('four', 'temporary')];
  answer({ add_profile: () => page({ keys }), import_keys: () => ({ message: 'Done.', hints: [] }) });
  render(Page);
  await fireEvent.click(await screen.findByRole('checkbox', { name: 'two' }));
  expect(screen.queryByRole('checkbox', { name: 'four' })).toBeNull();
  await click('Put 1 key into the keychain');
  expect(askedFor('import_keys')).toEqual([{ profiles: ['one'], replace: false }]);
  await screen.findByText('Done.');
  await fireEvent.click(screen.getByRole('checkbox', { name: 'three' }));
  await click('Put 2 keys into the keychain, replacing 1');
  expect(askedFor('import_keys')[1]).toEqual({ profiles: ['one', 'three'], replace: true });
});

test('plaintext goes only after its lines were shown, and what changed meanwhile is shown anew', async () => {
  let told = 0;
  let keys = [key('one', 'same')];
  answer({
    add_profile: () => page({ keys }),
    plan_removal: () => ({
      fingerprint: `print ${++told}`,
      diffs: [`--- x\n+++ x\n-aws_secret_access_key = ****\n+# change ${told}\n`],
      files: [],
      notes: ['A backup is kept.'],
    }),
    make_removal: ({ fingerprint }) => {
      if (fingerprint === 'print 1') throw { message: 'The file changed.', hints: [], code: 'outdated' };
      keys = [];
      return { message: 'Gone.', hints: ['What it held before is in ~/x.'] };
    },
  });
  render(Page);
  await click('Remove the plaintext…');
  const dialog = within(await screen.findByRole('dialog'));
  await dialog.findByText('-aws_secret_access_key = ****');
  await fireEvent.click(dialog.getByRole('button', { name: 'Remove' }));
  await dialog.findByText('The file changed.');
  await dialog.findByText('+# change 2');
  await fireEvent.click(dialog.getByRole('button', { name: 'Remove' }));
  await screen.findByText('What it held before is in ~/x.');
  expect(screen.queryByRole('dialog')).toBeNull();
  await waitFor(() =>
    expect(screen.queryByRole('heading', { name: 'Access keys in plaintext' })).toBeNull(),
  );
  await screen.findByText('What it held before is in ~/x.');
  const names = [{ profile: 'one', id: 'AKIAONEEXAMPLE' }];
  expect(askedFor('make_removal').map((args) => args.keys)).toEqual([names, names]);
});

test('a key of the clipboard is stored for a profile, and replaced only when ticked', async () => {
  answer({
    add_profile: () => page(),
    key_in_clipboard: () => ({ source: 'clipboard', place: 'the clipboard', id: 'AKIA…MPLE' }),
    store_found_key: ({ replace }) => {
      if (!replace) throw { message: 'There is another key.', hints: [], code: 'exists' };
      return { message: 'Stored.', hints: ['The clipboard was emptied.'] };
    },
  });
  render(Page);
  await click('From the clipboard…');
  const dialog = within(await screen.findByRole('dialog'));
  await fireEvent.input(dialog.getByRole('combobox'), { target: { value: 'main' } });
  await fireEvent.click(dialog.getByRole('button', { name: 'Store' }));
  await dialog.findByText('There is another key.');
  await fireEvent.click(dialog.getByRole('checkbox'));
  await fireEvent.click(dialog.getByRole('button', { name: 'Replace' }));
  await screen.findByText('The clipboard was emptied.');
  const [first, second] = askedFor('store_found_key');
  expect(first).toEqual({ source: 'clipboard', id: 'AKIA…MPLE', profile: 'main', replace: false });
  expect(second?.replace).toBe(true);
});

test('what is not a key is said, and a file that was not chosen is nothing', async () => {
  answer({
    add_profile: () => page(),
    key_in_clipboard: () => {
      throw { message: 'The clipboard is empty.', hints: ['Copy the key.'], code: null };
    },
    choose_key_file: () => null,
  });
  render(Page);
  await click('From the clipboard…');
  await screen.findByText('The clipboard is empty.');
  await screen.findByText('Copy the key.');
  await click('From accessKeys.csv…');
  await waitFor(() => expect(screen.queryByText('The clipboard is empty.')).toBeNull());
  expect(screen.queryByRole('dialog')).toBeNull();
});

test('the file of the console is deleted only after a question', async () => {
  answer({
    add_profile: () => page(),
    choose_key_file: () => ({ source: 'file', place: '~/accessKeys.csv', id: 'AKIA…MPLE' }),
    store_found_key: () => ({ message: 'Stored.', hints: [] }),
    delete_key_file: () => ({ message: 'Deleted.', hints: [] }),
  });
  render(Page);
  await click('From accessKeys.csv…');
  await fireEvent.input(await screen.findByRole('combobox', { name: /Profile that/ }), {
    target: { value: 'main' },
  });
  await click('Store');
  await click('Delete the file…');
  expect(askedFor('delete_key_file')).toEqual([]);
  await click('Delete');
  await screen.findByText('Deleted.');
});

test('a profile is added as its lines were shown', async () => {
  answer({
    add_profile: () => page(),
    plan_profile: () => ({ fingerprint: 'f', diffs: ['+[profile new]\n'], files: [], notes: [] }),
    make_profile: () => ({ message: 'Added.', hints: [] }),
  });
  render(Page);
  await fireEvent.click(await screen.findByRole('radio', { name: 'Role' }));
  expect(screen.getByRole('button', { name: 'Add profile…' })).toHaveProperty('disabled', true);
  const fill = (name: string, value: string) =>
    fireEvent.input(screen.getByRole('textbox', { name }), { target: { value } });
  await fill('Name', 'new');
  await fill('Role', 'arn:aws:iam::222222222222:role/dev');
  await fireEvent.change(screen.getByRole('combobox', { name: 'Assumed from profile' }), {
    target: { value: 'main' },
  });
  await click('Add profile…');
  await screen.findByText('+[profile new]');
  await click('Add');
  await screen.findByText('Added.');
  const [args] = askedFor('make_profile');
  expect(args?.fingerprint).toBe('f');
  expect(args?.profile).toMatchObject({ name: 'new', isRole: true, sourceProfile: 'main' });
});

test('an empty home, problems in the files and failures are told', async () => {
  answer({ add_profile: () => page({ isEmpty: true, profiles: [], problems: ['config line 3: no ]'] }) });
  render(Page);
  await screen.findByText(/There is no profile in ~\/.aws\/config yet/);
  await screen.findByText('config line 3: no ]');
  cleanup();
  answer({
    add_profile: () => {
      throw { message: 'The agent cannot be reached', hints: [], code: null };
    },
  });
  render(Page);
  await screen.findByText('The agent cannot be reached');
  await screen.findByRole('button', { name: 'Try again' });
});

test('names are shown and never run', async () => {
  const name = '<img src=x onerror="document.title=1">';
  answer({ add_profile: () => page({ profiles: [name], keys: [key(name, 'nothing')] }) });
  const { container } = render(Page);
  await screen.findByText(name, { selector: 'label' });
  expect(container.querySelector('img')).toBeNull();
});
