// The way to the Rust side, and the only file that imports from @tauri-apps/api.
import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import type { Destination } from './bindings/Destination';
import type { Topic } from './bindings/Topic';
import type { Trouble } from './bindings/Trouble';

/** Asks the Rust side. Rejects with a `Trouble`, whatever went wrong. */
export async function ask<T = void>(
  command: string,
  args: Record<string, unknown> = {},
): Promise<T> {
  try {
    return await invoke<T>(command, args);
  } catch (error) {
    throw asTrouble(error);
  }
}

/** Calls back when one of the topics changed, until the returned function is called. */
export function onChanged(topics: Topic[], changed: () => void): () => void {
  return subscribe<Topic[]>('changed', (told) => {
    if (told.some((topic) => topics.includes(topic))) changed();
  });
}

/** Calls back when the tray wants a page to be shown, until the returned function is called. */
export function onShow(show: (destination: Destination) => void): () => void {
  return subscribe<Destination>('show', show);
}

/** What was thrown, as something that can be shown. */
export function asTrouble(error: unknown): Trouble {
  if (typeof error === 'object' && error !== null && 'message' in error) {
    const told = error as Partial<Trouble>;
    return { message: String(told.message), hints: told.hints ?? [], code: told.code ?? null };
  }
  return { message: String(error), hints: [], code: null };
}

/** Listening begins a moment later; what comes after `stop` is dropped even then. */
function subscribe<T>(event: string, handle: (payload: T) => void): () => void {
  let stopped = false;
  let unlisten: (() => void) | undefined;
  void listen<T>(event, ({ payload }) => {
    if (!stopped) handle(payload);
  }).then((stop) => {
    if (stopped) stop();
    else unlisten = stop;
  });
  return () => {
    stopped = true;
    unlisten?.();
  };
}
