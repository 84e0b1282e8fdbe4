// Digits, however they come in.
import { describe, expect, it } from 'vitest';
import { pasted, typed } from './code';

describe('what is typed', () => {
  it.each([
    ['123', 3, '123', 3],
    ['12a3', 3, '123', 2],
    ['1 2-3', 5, '123', 3],
    ['', 0, '', 0],
    // A seventh digit replaces the one behind the caret, and none at the end.
    ['1293456', 3, '129456', 3],
    ['9123456', 1, '923456', 1],
    ['1234567', 7, '123456', 6],
    ['１２３', 3, '', 0],
  ])('%s with the caret at %i is %s', (text, caret, code, at) => {
    expect(typed(text, caret)).toEqual({ code, caret: at });
  });
});

describe('what is pasted', () => {
  it.each([
    ['417926', '417926'],
    [' 417 926\n', '417926'],
    ['417-926', '417926'],
    ['4-1-7-9-2-6', '417926'],
    ['417–926', '417926'],
    ['Your code is 417926.', '417926'],
    ['Your code is 417 926 (30 s)', '417926'],
    ['41792', undefined],
    ['4179267', undefined],
    ['order 1234567890', undefined],
    ['AKIAIOSFODNN7EXAMPLE', undefined],
    ['', undefined],
  ])('%j gives %s', (text, expected) => {
    expect(pasted(text)).toBe(expected);
  });
});
