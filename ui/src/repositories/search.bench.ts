// What a keystroke in the search of five thousand repositories takes; the target is 16 ms with drawing.
import { bench } from 'vitest';
import type { RepositoryRow } from '../lib/bindings/RepositoryRow';
import { search, searchable } from './search';

const repositories = Array.from(
  { length: 5000 },
  (_, at): RepositoryRow => ({
    name: `service-${at}`,
    description: `What service ${at} does, in some words of a person who looks after it`,
    defaultBranch: 'main',
    lastModified: null,
    host: 'git-codecommit.eu-west-1.amazonaws.com',
    profile: 'dev',
    region: 'eu-west-1',
    account: '111111111111',
    address: `codecommit::eu-west-1://dev@service-${at}`,
  }),
);
const lists = [{ repositories, fetchedAt: 0 }];
const all = searchable(lists, [], []);

for (const typed of ['', 's', 'service-4', 'person 42', 'nothing like it']) {
  bench(`typed ${JSON.stringify(typed)}`, () => void search(all, typed));
}
bench('a new list', () => void searchable(lists, [], []));
