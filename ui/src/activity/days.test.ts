import { expect, test } from 'vitest';
import type { ActivityRow } from '../lib/bindings/ActivityRow';
import { byDay, matching } from './days';
import { entry } from './testing';

const NOW = Date.UTC(2026, 10, 21, 0, 30) / 1000;

test('rows stand below their day, by the clock on the wall', () => {
  const rows = [
    entry({ id: 5, at: NOW }),
    entry({ id: 4, at: NOW - 1_800 }),
    entry({ id: 3, at: NOW - 1_801 }),
    entry({ id: 2, at: Date.UTC(2026, 10, 19, 12) / 1000 }),
    entry({ id: 1, at: Date.UTC(2025, 11, 31, 12) / 1000 }),
  ];
  const days = byDay(rows, NOW, 'UTC').map(({ title, rows }) => [title, rows.map((row) => row.id)]);
  expect(days).toEqual([
    ['Today', [5, 4]],
    ['Yesterday', [3]],
    ['Thursday 19 November', [2]],
    ['Wednesday 31 December 2025', [1]],
  ]);
  expect(byDay(rows.slice(0, 3), NOW, 'Europe/Berlin')).toHaveLength(1);
});

test.each<[string, boolean, number[]]>([
  ['', false, [3, 2, 1]],
  ['', true, [2]],
  ['  git   alpha ', false, [3]],
  ['PROD', false, [2]],
  ['in time', true, [2]],
  ['received', false, [3, 1]],
  ['<img', false, [1]],
  ['git prod', false, []],
])('the filter %j, refused only %j', (filter, refusedOnly, expected) => {
  const rows: ActivityRow[] = [
    entry({ id: 3, title: 'git push in ProjectAlpha' }),
    entry({
      id: 2,
      title: 'aws',
      profile: 'prod',
      refused: true,
      meaning: 'refused',
      reason: 'Nobody entered the code in time.',
    }),
    entry({ id: 1, title: 'terraform', profile: '<img src=x>' }),
  ];
  expect(matching(rows, filter, refusedOnly).map((row) => row.id)).toEqual(expected);
});
