// Settings as a person sees and changes them.
import { clearMocks, mockIPC } from '@tauri-apps/api/mocks';
import { emit } from '@tauri-apps/api/event';
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SettingsPage } from '../lib/bindings/SettingsPage';
import Page from './Page.svelte';
import { lifetimes, minutes, whole } from './values';

let page: SettingsPage;
let asked: [string, unknown][];
let answer: () => unknown;

beforeEach(() => {
  asked = [];
  answer = () => null;
  page = {
    file: '/home/me/.config/holdfast/config.toml',
    values: {
      mfaDurationSeconds: 43_200,
      noticeMinutes: [15, 5],
      background: 'notify',
      declineMinutes: 5,
      notifications: [{ key: 'notifications.expiry', label: 'A session ends soon', level: 'normal' }],
      keychain: 'os',
      httpsProxy: 'http://me:•••@proxy:3128',
      noProxy: '',
      caBundle: '',
      theme: 'system',
      cloneStyle: 'codecommit',
      editor: '',
      foundEditor: null,
      deviceCode: 'allow',
      portals: [],
    },
    broken: null,
    keychainInUse: null,
  };
  mockIPC(
    (command, args) => {
      if (command === 'settings') return structuredClone(page);
      if (command === 'starts_at_login') return false;
      asked.push([command, args]);
      return answer();
    },
    { shouldMockEvents: true },
  );
});
afterEach(() => {
  cleanup();
  clearMocks();
});

test.each([
  ['Theme', 'dark', 'app.theme', 'dark'],
  ['Ask for MFA sessions of', '28800', 'sessions.mfa-duration-seconds', 28_800],
  ['A session ends soon', 'off', 'notifications.expiry', 'off'],
  ['Access keys and sessions are kept in', 'file', 'keychain.kind', 'file'],
  ['A program in the background', 'popup', 'prompts.background', 'popup'],
  ['Clone commands', 'https', 'app.clone-style', 'https'],
])('%s is saved at once', async (label, option, key, value) => {
  render(Page);
  await fireEvent.change(await screen.findByLabelText(label), { target: { value: option } });
  await waitFor(() => expect(asked).toEqual([['set_setting', { key, value }]]));
  expect(await screen.findByText('Saved.')).toBeTruthy();
});

async function type(label: string, text: string) {
  const field = await screen.findByLabelText(label);
  await fireEvent.input(field, { target: { value: text } });
  await fireEvent.keyDown(field, { key: 'Enter' });
  return field as HTMLInputElement;
}

test('a text is saved with Enter, and what does not do is said in place', async () => {
  render(Page);
  await type('Tell me before a session ends', '30, 10');
  await waitFor(() =>
    expect(asked).toEqual([['set_setting', { key: 'sessions.notice-minutes', value: [30, 10] }]]),
  );
  const field = await type('Tell me before a session ends', 'soon');
  expect((await screen.findByRole('alert')).textContent).toContain('whole numbers from 1 to 720');
  expect(field.getAttribute('aria-invalid')).toBe('true');
  expect(field.value).toBe('soon');
  expect(asked.length).toBe(1);
});

test('the editor is one that is found, or a program with its arguments', async () => {
  const { unmount } = render(Page);
  await screen.findByText(/None was found: name a program/);
  unmount();
  page.values.foundEditor = 'Kate';
  render(Page);
  await screen.findByText('Opens clones. Empty: Kate, which was found.');
  await type('Editor', 'code -n %s');
  await waitFor(() =>
    expect(asked).toEqual([['set_setting', { key: 'app.editor', value: 'code -n %s' }]]),
  );
});

test('what the file cannot take is said beside the field', async () => {
  answer = () => {
    throw { message: 'network.https-proxy has to begin with http:// or https://', hints: [], code: null };
  };
  render(Page);
  await type('Proxy for https', 'proxy');
  expect((await screen.findByRole('alert')).textContent).toContain('has to begin with');
});

test('what is typed stays when something else changes meanwhile', async () => {
  render(Page);
  const field = (await screen.findByLabelText('Hosts without proxy')) as HTMLInputElement;
  await fireEvent.input(field, { target: { value: 'local' } });
  page.values.theme = 'dark';
  await emit('changed', ['settings']);
  expect(await screen.findByText('The file was changed by another program.')).toBeTruthy();
  expect(field.value).toBe('local');
});

test('a broken file is named, and nothing can be overwritten', async () => {
  page.broken = { message: '/home/me/config.toml is not valid (line 3): unknown field', hints: ['Mend it.'], code: null };
  render(Page);
  expect((await screen.findByRole('alert')).textContent).toContain('line 3');
  expect((screen.getByLabelText('Theme') as HTMLSelectElement).disabled).toBe(true);
});

test('starting with the desktop is asked of the desktop', async () => {
  render(Page);
  const box = await screen.findByLabelText('Start with the desktop');
  await waitFor(() => expect((box as HTMLInputElement).disabled).toBe(false));
  await fireEvent.click(box);
  await waitFor(() => expect(asked).toEqual([['set_start_at_login', { enabled: true }]]));
});

test('texts become values', () => {
  expect(minutes('15, 5')).toEqual([15, 5]);
  expect(minutes('')).toEqual([]);
  expect(typeof minutes('0')).toBe('string');
  expect(typeof minutes('1 2 3 4 5 6 7 8 9')).toBe('string');
  expect(whole('5', 1, 10)).toBe(5);
  expect(typeof whole('', 1, 10)).toBe('string');
  expect(typeof whole('11', 1, 10)).toBe('string');
  expect(lifetimes(7200)).toContain(7200);
});
