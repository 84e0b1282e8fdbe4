// Lifetimes and names in words.
import { describe, expect, it } from 'vitest';
import { lifetime, shortened } from './words';

/** A time of day on this machine, wherever that is. */
const at = (hours: number, minutes: number) => new Date(2026, 10, 21, hours, minutes).getTime() / 1000;

describe('lifetimes', () => {
  it.each([
    [900, '15 minutes, until 09:55'],
    [3600, '1 hour, until 10:40'],
    [43_200, '12 hours, until 21:40'],
    [5000, '1 h 23 min, until 11:03'],
    [129_600, '36 hours, until tomorrow 21:40'],
  ])('%i seconds', (seconds, words) => {
    expect(lifetime(seconds, at(9, 40))).toBe(words);
  });

  it('name no day for less than a day', () => {
    expect(lifetime(43_200, at(21, 40))).toBe('12 hours, until 09:40');
  });
});

describe('names', () => {
  it.each([
    [['a'], ['a'], 0],
    [['a', 'b'], ['a', 'b'], 0],
    [['a', 'b', 'c', 'd'], ['a', 'b'], 2],
  ])('%j', (names, shown, more) => {
    expect(shortened(names)).toEqual({ shown, more });
  });
});
