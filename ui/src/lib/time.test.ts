// Times in words, held to the same vectors as the tray's.
import { expect, test } from 'vitest';
import durations from './durations.json';
import { clock, length } from './time';

test.each(durations as [number, string][])('%d seconds are %s', (seconds, words) => {
  expect(length(seconds)).toBe(words);
});

const now = 1_795_168_800; // 2026-11-20T10:00:00Z

test.each([
  [now + 3_600, '11:00'],
  [now + 14 * 3_600, 'tomorrow 00:00'],
  [now + 72 * 3_600, '2026-11-23 10:00'],
  [now - 24 * 3_600, '2026-11-19 10:00'],
])('%d is at %s', (at, words) => {
  expect(clock(at, now, 'UTC')).toBe(words);
});
