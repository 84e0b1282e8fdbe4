// Values of the Rust side, and the way to it.
import { emit } from '@tauri-apps/api/event';
import { clearMocks, mockIPC } from '@tauri-apps/api/mocks';
import { flushSync } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ask, asTrouble } from './ipc';
import { Remote } from './remote.svelte';

let answers: (() => unknown)[];
let asked: unknown[];
let end: () => void;

beforeEach(() => {
  asked = [];
  answers = [];
  mockIPC(
    (_command, args) => {
      asked.push(args);
      return (answers.shift() ?? (() => asked.length))();
    },
    { shouldMockEvents: true },
  );
});
afterEach(() => {
  end?.();
  clearMocks();
});

function remote(args?: () => Record<string, unknown>): Remote<number> {
  let made: Remote<number> | undefined;
  end = $effect.root(() => {
    made = new Remote<number>('things', ['status'], args);
  });
  flushSync();
  return made!;
}

test('it is fetched at once and when its topic changed', async () => {
  const value = remote();
  await vi.waitFor(() => expect(value.value).toBe(1));
  await emit('changed', ['settings']);
  await emit('changed', ['activity', 'status']);
  await vi.waitFor(() => expect(value.value).toBe(2));
  expect(asked.length).toBe(2);
  window.dispatchEvent(new Event('focus'));
  await vi.waitFor(() => expect(value.value).toBe(3));
});

test('a failure keeps the last value, and the next answer ends the trouble', async () => {
  const value = remote();
  await vi.waitFor(() => expect(value.value).toBe(1));
  answers.push(() => {
    throw { message: 'gone', hints: ['wait'], code: null };
  });
  await value.refresh();
  expect(value.value).toBe(1);
  expect(value.trouble).toEqual({ message: 'gone', hints: ['wait'], code: null });
  await value.refresh();
  expect(value.trouble).toBeUndefined();
});

test('asked again while a question is under way, it asks once more', async () => {
  let release: (value: number) => void = () => {};
  answers.push(() => new Promise((resolve) => (release = resolve)));
  const value = remote();
  void value.refresh();
  void value.refresh();
  release(7);
  await vi.waitFor(() => expect(value.busy).toBe(false));
  expect(asked.length).toBe(2);
  expect(value.value).toBe(2);
});

test('other arguments are another question', async () => {
  let word = $state('a');
  const value = remote(() => ({ word }));
  await vi.waitFor(() => expect(value.value).toBe(1));
  word = 'b';
  flushSync();
  await vi.waitFor(() => expect(value.value).toBe(2));
  expect(asked).toEqual([{ word: 'a' }, { word: 'b' }]);
});

test('whatever is thrown can be shown', async () => {
  expect(asTrouble('no')).toEqual({ message: 'no', hints: [], code: null });
  expect(asTrouble(new Error('no'))).toEqual({ message: 'no', hints: [], code: null });
  answers.push(() => {
    throw 'command x not allowed';
  });
  await expect(ask('x')).rejects.toEqual({ message: 'command x not allowed', hints: [], code: null });
});
