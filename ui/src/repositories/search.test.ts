// The order of repositories, searching them, and what a keystroke takes.
import { expect, test } from 'vitest';
import type { RepositoryRow } from '../lib/bindings/RepositoryRow';
import { search, searchable } from './search';

const row = (name: string, more: Partial<RepositoryRow> = {}): RepositoryRow => ({
  name,
  description: '',
  defaultBranch: 'main',
  lastModified: null,
  host: 'git-codecommit.eu-west-1.amazonaws.com',
  profile: 'dev',
  region: 'eu-west-1',
  account: '111111111111',
  address: `codecommit::eu-west-1://${more.profile ?? 'dev'}@${name}`,
  ...more,
});
const list = (...repositories: RepositoryRow[]) => ({ repositories, fetchedAt: 0 });
const rows = list(
  row('billing-api', { description: 'Invoices' }),
  row('api', { description: 'The front door' }),
  row('web', { description: 'Uses the API' }),
  row('x'),
);
const names = (found: RepositoryRow[]) => found.map(({ name }) => name);

test.each([
  ['', ['api', 'billing-api', 'web', 'x']],
  ['  ', ['api', 'billing-api', 'web', 'x']],
  ['api', ['api', 'billing-api', 'web']],
  ['API', ['api', 'billing-api', 'web']],
  ['api bill', ['billing-api']],
  ['front', ['api']],
  ['nothing', []],
])('searching %j', (wanted, expected) => {
  expect(names(search(searchable([rows], [], []), wanted))).toEqual(expected);
});

test('favourites come first, then what was used lately', () => {
  const at = (name: string) => `codecommit::eu-west-1://dev@${name}`;
  const all = searchable([rows], [at('x'), at('gone')], [at('web'), at('x')]);
  expect(names(search(all, ''))).toEqual(['x', 'web', 'api', 'billing-api']);
});

test('what two profiles of an account list is there once', () => {
  const other = { profile: 'ops' };
  const lists = [list(row('a'), row('b')), list(row('a', other), row('b', other), row('c', other))];
  expect(searchable(lists, [], []).map(({ row }) => `${row.profile} ${row.name}`)).toEqual([
    'dev a',
    'dev b',
    'ops c',
  ]);
  const elsewhere = list(row('a', { ...other, account: '222222222222' }));
  expect(searchable([lists[0]!, elsewhere], [], [])).toHaveLength(3);
  const favourite = 'codecommit::eu-west-1://ops@a';
  expect(searchable(lists, [favourite], [])[0]!.row.profile).toBe('ops');
});

test('a keystroke in five thousand repositories takes a fraction of a frame', () => {
  const many = Array.from({ length: 5000 }, (_, at) =>
    row(`service-${at}`, { description: `What service ${at} does, in some words of a person` }),
  );
  const all = searchable([list(...many)], [], []);
  const times = [...'service-42 person'].map((_, at, typed) => {
    const begin = performance.now();
    search(all, typed.slice(0, at + 1).join(''));
    return performance.now() - begin;
  });
  const median = times.sort((a, b) => a - b)[Math.floor(times.length / 2)]!;
  expect(median).toBeLessThan(16);
});
