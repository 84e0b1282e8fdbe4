// Words, and which rows are drawn.
import { expect, test } from 'vitest';
import { inSight, needsPerson, summary, where } from './words';

test('the summary counts', () => {
  expect(summary(1, 1, 'in eu-west-1')).toBe('1 repository in eu-west-1');
  expect(summary(5000, 12, 'in eu-west-1')).toBe('12 of 5,000 repositories in eu-west-1');
});

test('where they are is said in words', () => {
  const at = (profile: string, region: string) => ({ profile, region });
  expect(where([at('dev', 'eu-west-1')])).toBe('in eu-west-1');
  expect(where([at('dev', 'eu-west-1'), at('dev', 'us-east-1')])).toBe('in 2 regions');
  expect(where([at('dev', 'eu-west-1'), at('ops', 'eu-west-1')])).toBe(
    'in eu-west-1, through 2 profiles',
  );
});

test.each([
  [0, 600, 10, [0, 10]],
  [0, 600, 5000, [0, 14]],
  [6000, 600, 5000, [96, 114]],
  [299_400, 600, 5000, [4986, 5000]],
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
