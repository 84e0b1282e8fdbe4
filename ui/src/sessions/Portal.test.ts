// A portal on the Sessions page, and signing in to it from there.
import { clearMocks, mockIPC } from '@tauri-apps/api/mocks';
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PortalRow } from '../lib/bindings/PortalRow';
import type { SignInPage } from '../lib/bindings/SignInPage';
import { location } from '../lib/navigation.svelte';
import Portal from './Portal.svelte';

const now = () => Math.floor(Date.now() / 1000);
let asked: [string, unknown][];
let answer: (command: string) => unknown;
let said: string[];

beforeEach(() => {
  asked = [];
  said = [];
  answer = () => null;
  mockIPC(
    (command, args) => {
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

function portal(change: Partial<PortalRow> = {}): PortalRow {
  return {
    startUrl: 'https://corp.awsapps.com/start',
    region: 'eu-west-1',
    title: 'corp.awsapps.com',
    mark: 'out',
    state: 'Signed out',
    until: null,
    bar: null,
    words: 'One sign-in serves all 2 profiles below.',
    hints: [],
    action: { label: 'Sign in', kind: 'sign-in', way: 'browser' },
    menu: [
      { label: 'Another device…', kind: 'sign-in', way: 'device' },
      { label: 'Add profiles…', kind: 'discover' },
      { label: 'Sign out', kind: 'sign-out', profile: 'dev' },
    ],
    ...change,
  };
}

const signIn: SignInPage = {
  id: 3,
  title: 'corp.awsapps.com',
  device: null,
  expiresAt: now() + 300,
  profiles: [],
  answered: false,
};

const show = (row = portal()) => render(Portal, { row, say: (words) => said.push(words) });
const press = (name: string | RegExp, role = 'button') =>
  fireEvent.click(screen.getByRole(role, { name, hidden: true }));

test('the end of the portal session stands in its row, with the reason', () => {
  const words = 'Your administrator limits this to 8 hours.';
  show(portal({ mark: 'live', state: 'Signed in', until: now() + 25_500, words, action: null }));
  // What ends after midnight says the day as well.
  expect(document.body.textContent).toMatch(/until (tomorrow )?\d\d:\d\d/);
  expect(document.body.textContent).toContain(words);
});

test('a sign-in is begun by the click, waited for, and told', async () => {
  let finish = () => {};
  answer = (command) => {
    if (command === 'start_sign_in') return { signIn, copied: false, trouble: null };
    if (command === 'await_sign_in') return new Promise<null>((done) => (finish = () => done(null)));
    return null;
  };
  show();
  expect(asked).toEqual([]);
  await press('Sign in, corp.awsapps.com');
  await screen.findByText('Waiting for your browser…');
  const goal = { kind: 'portal', startUrl: 'https://corp.awsapps.com/start', region: 'eu-west-1' };
  expect(asked[0]).toEqual(['start_sign_in', { goal, way: 'browser' }]);
  finish();
  await waitFor(() => expect(said).toEqual(['Signed in to corp.awsapps.com.']));
  expect(screen.queryByText('Waiting for your browser…')).toBeNull();
});

test('another device is shown its code', async () => {
  const device = { code: 'ABCD-EFGH', address: 'device.sso.eu-west-1.amazonaws.com' };
  answer = (command) => {
    if (command === 'start_sign_in') return { signIn: { ...signIn, device }, copied: false, trouble: null };
    return command === 'await_sign_in' ? new Promise(() => {}) : null;
  };
  show();
  await press('More for corp.awsapps.com');
  await press('Another device…', 'menuitem');
  expect((await screen.findByLabelText('Code')).textContent).toBe('ABCD-EFGH');
  await press('Copy code');
  await press(/^Cancel/);
  await waitFor(() => expect(asked.map(([command]) => command)).toContain('cancel_sign_in'));
  expect(screen.queryByLabelText('Code')).toBeNull();
});

test('a sign-in that failed says why and can be begun again', async () => {
  answer = (command) => {
    if (command === 'start_sign_in') throw { message: 'AWS cannot be reached', hints: [], code: 'offline' };
    return null;
  };
  show();
  await press('Sign in, corp.awsapps.com');
  await screen.findByText(/AWS cannot be reached/);
  await press('Try again');
  await waitFor(() => expect(asked.filter(([command]) => command === 'start_sign_in')).toHaveLength(2));
});

test('the menu leads to its accounts and out of it', async () => {
  show();
  await press('More for corp.awsapps.com');
  await press('Add profiles…', 'menuitem');
  expect(location.page).toBe('add-profile');
  await press('More for corp.awsapps.com');
  await press('Sign out', 'menuitem');
  await waitFor(() => expect(asked).toContainEqual(['sign_out', { profile: 'dev' }]));
});
