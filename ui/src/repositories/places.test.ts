// Where is looked.
import { expect, test } from 'vitest';
import { lookedIn, regionsOf } from './places';

const dev = { name: 'dev', regions: ['eu-west-1', 'eu-west-3', 'us-east-1'], known: 2 };
const ops = { name: 'ops', regions: ['us-east-1', 'eu-west-1'], known: 1 };
const bare = { name: 'bare', regions: ['af-south-1', 'us-east-1'], known: 0 };
const all = [dev, ops, bare];

test.each([
  ['', '', ['dev eu-west-1', 'dev eu-west-3', 'ops us-east-1']],
  ['dev', '', ['dev eu-west-1', 'dev eu-west-3']],
  ['bare', '', ['bare af-south-1']],
  ['', 'us-east-1', ['dev us-east-1', 'ops us-east-1', 'bare us-east-1']],
  ['ops', 'eu-west-3', []],
])('profile %j, region %j', (profile, region, expected) => {
  const { places } = lookedIn(all, profile, region);
  expect(places.map((it) => `${it.profile} ${it.region}`)).toEqual(expected);
});

test('a thousand profiles are not asked at once', () => {
  const many = Array.from({ length: 1000 }, (_, at) => ({ ...ops, name: `p${at}` }));
  const { places, left } = lookedIn(many, '', '');
  expect([places.length, left]).toEqual([40, 960]);
});

test('regions in use come first', () => {
  expect(regionsOf(all, '')).toEqual(['eu-west-1', 'eu-west-3', 'us-east-1', 'af-south-1']);
  expect(regionsOf(all, 'ops')).toEqual(['us-east-1', 'eu-west-1']);
});
