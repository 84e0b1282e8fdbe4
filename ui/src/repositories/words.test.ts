// Words, searching, and which rows are drawn.
import { expect, test } from 'vitest';
import type { RepositoryRow } from '../lib/bindings/RepositoryRow';
import { inSight, needsPerson, search, summary } from './words';

const row = (name: string, description = ''): RepositoryRow => ({
  name,
  description,
  defaultBranch: 'main',
  lastModified: null,
  host: 'git-codecommit.eu-west-1.amazonaws.com',
});
const rows = [row('billing-api', 'Invoices'), row('api', 'The front door'), row('web', 'Uses the API'), row('x')];

test.each([
  ['', ['billing-api', 'api', 'web', 'x']],
  ['  ', ['billing-api', 'api', 'web', 'x']],
  ['api', ['api', 'billing-api', 'web']],
  ['API', ['api', 'billing-api', 'web']],
  ['api bill', ['billing-api']],
  ['front', ['api']],
  ['nothing', []],
])('searching %j', (wanted, names) => {
  expect(search(rows, wanted).map(({ name }) => name)).toEqual(names);
});

test('the summary counts', () => {
  expect(summary(1, 1, 'eu-west-1')).toBe('1 repository in eu-west-1');
  expect(summary(5000, 12, 'eu-west-1')).toBe('12 of 5,000 repositories in eu-west-1');
});

test.each([
  [0, 600, 10, [0, 10]],
  [0, 600, 5000, [0, 22]],
  [6000, 600, 5000, [88, 122]],
  [299_400, 600, 5000, [4978, 5000]],
  [299_400, 600, 3, [3, 3]],
  [0, 600, 0, [0, 0]],
])('from %i px, %i high, of %i rows', (top, height, all, drawn) => {
  expect(inSight(top, height, 60, all)).toEqual(drawn);
});

test('a sign-in helps where a person is needed', () => {
  expect(needsPerson('mfa-required')).toBe(true);
  expect(needsPerson('denied')).toBe(false);
  expect(needsPerson(null)).toBe(false);
});
