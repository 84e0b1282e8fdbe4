// Searching and ticking among many accounts.
import { expect, test } from 'vitest';
import type { DiscoveryPage } from '../lib/bindings/DiscoveryPage';
import type { FoundAccount } from '../lib/bindings/FoundAccount';
import { Accounts } from './accounts.svelte';

function account(id: string, name: string, roles: string[]): FoundAccount {
  const grouped = `${id.slice(0, 4)}-${id.slice(4, 8)}-${id.slice(8)}`;
  return { id, grouped, name, email: '', roles };
}

function page(accounts: FoundAccount[], written: DiscoveryPage['written'] = []): DiscoveryPage {
  return { phase: 'done', done: 0, total: 0, fetchedAt: null, trouble: null, accounts, next: 0, written };
}

const dev = account('111111111111', 'Dev Team', ['AdministratorAccess', 'ReadOnly']);
const prod = account('222222222222', 'Production', ['ReadOnly']);

function known(): Accounts {
  const accounts = new Accounts();
  accounts.take(page([prod, dev]));
  return accounts;
}

const found = (accounts: Accounts, search: string) =>
  accounts.shown(search).map(({ account, roles }) => `${account.name}: ${roles.join(', ')}`);

test.each([
  ['', ['Dev Team: AdministratorAccess, ReadOnly', 'Production: ReadOnly']],
  ['team', ['Dev Team: AdministratorAccess, ReadOnly']],
  ['dev admin', ['Dev Team: AdministratorAccess']],
  ['readonly', ['Dev Team: ReadOnly', 'Production: ReadOnly']],
  ['1111-1111', ['Dev Team: AdministratorAccess, ReadOnly']],
  ['222222222222', ['Production: ReadOnly']],
  ['nobody', []],
])('%j finds accounts and roles', (search, expected) => {
  expect(found(known(), search)).toEqual(expected);
});

test('an account that comes again takes the place of the one before', () => {
  const accounts = known();
  accounts.take(page([{ ...prod, roles: ['Deployer'] }]));
  expect(found(accounts, 'production')).toEqual(['Production: Deployer']);
});

test('what has a profile is ticked, and what was ticked is told by account', () => {
  const accounts = known();
  accounts.take(page([], [{ accountId: '222222222222', roleName: 'ReadOnly', profile: 'prod-readonly' }]));
  expect(accounts.isTicked('222222222222', 'ReadOnly')).toBe(true);
  expect(accounts.profile('222222222222', 'ReadOnly')).toBe('prod-readonly');
  expect(accounts.isChanged).toBe(false);
  accounts.tick('111111111111', dev.roles, true);
  accounts.tick('222222222222', ['ReadOnly'], false);
  expect(accounts.isChanged).toBe(true);
  expect(accounts.chosen).toEqual([['111111111111', ['AdministratorAccess', 'ReadOnly']]]);
  // Written meanwhile, and the other one taken out.
  accounts.take(page([], [{ accountId: '111111111111', roleName: 'ReadOnly', profile: 'dev-readonly' }]));
  expect(accounts.count).toBe(2);
});

test('a search among 1,000 accounts with 5 roles each fits into a frame', () => {
  const accounts = new Accounts();
  const many = Array.from({ length: 1000 }, (_, at) =>
    account(String(100_000_000_000 + at), `team-${at % 97}-stage-${at}`, [
      'AdministratorAccess',
      'Billing',
      'DeveloperAccess',
      'PowerUserAccess',
      'ReadOnlyAccess',
    ]),
  );
  accounts.take(page(many));
  const searches = ['t', 'te', 'team-7', 'team-7 dev', 'team-7 developer', 'zzz'];
  const time = (search: string) => {
    const start = performance.now();
    accounts.shown(search);
    return performance.now() - start;
  };
  for (const search of searches) {
    // The fastest of some: what else the machine does is no matter here.
    const times = Array.from({ length: 20 }, () => time(search));
    expect(Math.min(...times)).toBeLessThanOrEqual(16);
  }
});
