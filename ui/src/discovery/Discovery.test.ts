// Accounts and roles of a portal, from the search to the written profiles and back.
import { emit } from '@tauri-apps/api/event';
import { clearMocks, mockIPC } from '@tauri-apps/api/mocks';
import { cleanup, configure, fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { DiscoveryPage } from '../lib/bindings/DiscoveryPage';
import type { DiscoveryPreview } from '../lib/bindings/DiscoveryPreview';
import type { FoundAccount } from '../lib/bindings/FoundAccount';
import Discovery from './Discovery.svelte';

// A machine that does much else takes its time.
configure({ asyncUtilTimeout: 10_000 });
vi.setConfig({ testTimeout: 30_000 });

const portal = { startUrl: 'https://corp.awsapps.com/start', region: 'eu-west-1' };

const account = (id: string, name: string, roles: string[]): FoundAccount => ({
  id,
  grouped: `${id.slice(0, 4)}-${id.slice(4, 8)}-${id.slice(8)}`,
  name,
  email: '',
  roles,
});

const nothing: DiscoveryPreview = {
  trouble: null,
  added: 0,
  removed: 0,
  present: 0,
  obstructed: 0,
  examples: [],
  obstacles: [],
  elsewhere: [],
};

let page: DiscoveryPage;
let preview: DiscoveryPreview;
let asked: [string, Record<string, unknown>][];
let answers: Record<string, (args: Record<string, unknown>) => unknown>;

beforeEach(() => {
  asked = [];
  page = {
    phase: 'done',
    done: 2,
    total: 2,
    fetchedAt: Math.floor(Date.now() / 1000),
    trouble: null,
    accounts: [
      account('111111111111', 'Dev', ['AdministratorAccess', 'ReadOnly']),
      account('222222222222', 'Prod', ['ReadOnly']),
    ],
    next: 2,
    written: [],
  };
  preview = { ...nothing, added: 1, examples: [{ name: 'dev-readonly', role: 'ReadOnly in 1111-1111-1111', words: '' }] };
  answers = {
    discover: ({ portal }) => portal,
    discovered: ({ from }) => ({ ...page, accounts: page.accounts.slice(from as number) }),
    preview_discovery: () => preview,
  };
  mockIPC(
    (command, args) => {
      const told = (args ?? {}) as Record<string, unknown>;
      asked.push([command, told]);
      return answers[command]?.(told) ?? null;
    },
    { shouldMockEvents: true },
  );
});
afterEach(() => {
  cleanup();
  clearMocks();
});

const back = vi.fn();
const open = () =>
  render(Discovery, {
    portal,
    title: 'corp.awsapps.com',
    template: '{account_name}-{role_name}',
    configFile: '~/.aws/config',
    back,
    changed: () => {},
  });
const button = (name: string | RegExp) => screen.findByRole('button', { name, hidden: true });
const click = async (name: string | RegExp) => fireEvent.click(await button(name));
const times = (command: string) => asked.filter(([it]) => it === command).length;

test('roles are ticked, named, shown as a diff, written and taken out again', async () => {
  open();
  await fireEvent.click(await screen.findByRole('checkbox', { name: /^AdministratorAccess/ }));
  await fireEvent.click(screen.getByRole('checkbox', { name: /^Prod/ }));
  await screen.findByText('dev-readonly');
  expect(document.body.textContent).toContain('2 roles');
  const choice = {
    portal,
    roles: [
      ['111111111111', ['AdministratorAccess']],
      ['222222222222', ['ReadOnly']],
    ],
    template: '{account_name}-{role_name}',
    region: '',
  };
  expect(asked.filter(([it]) => it === 'preview_discovery').at(-1)?.[1]).toEqual({ choice });
  answers.plan_discovery = () => ({ fingerprint: 'f', diffs: ['+[profile dev-readonly]'], files: [], notes: [] });
  answers.make_discovery = () => {
    page = {
      ...page,
      written: [
        { accountId: '111111111111', roleName: 'AdministratorAccess', profile: 'dev-admin' },
        { accountId: '222222222222', roleName: 'ReadOnly', profile: 'prod-readonly' },
      ],
    };
    return { message: '2 profiles added in ~/.aws/config.', hints: [] };
  };
  await click('Review…');
  await screen.findByText('+[profile dev-readonly]');
  await click('Write');
  await screen.findByText('2 profiles added in ~/.aws/config.');
  expect(asked).toContainEqual(['make_discovery', { choice, fingerprint: 'f' }]);
  await waitFor(() => expect(screen.queryByRole('button', { name: 'Review…' })).toBeNull());
  answers.plan_discovery_undo = () => ({ fingerprint: 'u', diffs: ['-[profile dev-admin]'], files: [], notes: [] });
  await fireEvent.click((await screen.findAllByRole('button', { name: 'Undo…' }))[0]!);
  await screen.findByText('-[profile dev-admin]');
});

test('everything that a search shows is ticked at once', async () => {
  open();
  const search = await screen.findByLabelText('Search accounts and roles');
  await fireEvent.input(search, { target: { value: 'readonly' } });
  await fireEvent.click(screen.getByRole('checkbox', { name: /^All roles found/ }));
  await waitFor(() => expect(document.body.textContent).toContain('2 roles'));
});

test('names that do not do are shown with the reason and stop the change', async () => {
  const row = { name: 'dev-readonly', role: 'ReadOnly in 1111-1111-1111', words: 'there is a profile of this name already' };
  preview = { ...nothing, obstructed: 1, obstacles: [row] };
  open();
  await fireEvent.click(await screen.findByRole('checkbox', { name: /^AdministratorAccess/ }));
  await screen.findByText(/there is a profile of this name already/);
  expect(((await button('Review…')) as HTMLButtonElement).disabled).toBe(true);
  preview = { ...nothing, trouble: { message: 'The name template needs a placeholder.', hints: [], code: null } };
  await fireEvent.input(screen.getByLabelText('Names'), { target: { value: 'x' } });
  await screen.findByText('The name template needs a placeholder.');
});

test('a search that goes on shows how far it is, and can be paused and taken up again', async () => {
  page = { ...page, phase: 'searching', done: 214, total: 1000 };
  open();
  await screen.findByText(/Reading\s+214 of 1,000 accounts/);
  expect(screen.getByRole('progressbar', { name: 'Accounts' }).getAttribute('value')).toBe('214');
  answers.pause_discovery = () => {
    page = { ...page, phase: 'paused' };
    return null;
  };
  await click('Pause');
  await screen.findByText(/Paused at\s+214 of 1,000 accounts/);
  await click('Go on');
  await waitFor(() => expect(times('discover')).toBe(2));
  page = { ...page, phase: 'searching', done: 215, next: 3 };
  page.accounts = [...page.accounts, account('333333333333', 'Audit', ['Auditor'])];
  await emit('changed', ['discovery']);
  await screen.findByText('Audit');
  expect(screen.getAllByText('Dev')).toHaveLength(1);
});

test('who is not signed in signs in first', async () => {
  page = { ...page, phase: 'signed-out', accounts: [], done: 0, total: 0, next: 0 };
  open();
  await screen.findByText('Sign in to corp.awsapps.com');
  expect(times('start_sign_in')).toBe(0);
  answers.start_sign_in = () => ({
    signIn: { id: 1, title: 'corp.awsapps.com', device: null, expiresAt: 0, profiles: [], answered: false },
    copied: false,
    trouble: null,
  });
  await click('Sign in');
  await waitFor(() => expect(times('discover')).toBe(2));
  expect(asked).toContainEqual(['start_sign_in', { goal: { kind: 'portal', ...portal }, way: 'browser' }]);
});

test('a network that is gone is told, and what is known stays', async () => {
  const trouble = { message: 'portal.sso.eu-west-1.amazonaws.com cannot be reached', hints: [], code: 'offline' };
  page = { ...page, phase: 'failed', trouble };
  open();
  await screen.findByText(/cannot be reached/);
  expect(document.body.textContent).toContain('What is known so far is kept: 2 of 2 accounts.');
  expect(screen.getByText('Dev')).toBeTruthy();
  await click('Try again');
  await waitFor(() => expect(times('discover')).toBe(2));
});

test('a portal without accounts says so', async () => {
  page = { ...page, accounts: [], next: 0, total: 0, done: 0 };
  open();
  await screen.findByText('No accounts');
});

test('names of others are text', async () => {
  page.accounts = [account('111111111111', '<img src=x onerror=alert(1)>', ['<b>Role</b>'])];
  open();
  await screen.findByText('<img src=x onerror=alert(1)>');
  expect(document.querySelector('main img, li b')).toBeNull();
});
