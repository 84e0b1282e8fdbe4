// A value that lives on the Rust side, fetched anew when it changed there.
import { untrack } from 'svelte';
import type { Topic } from './bindings/Topic';
import type { Trouble } from './bindings/Trouble';
import { ask, asTrouble, onChanged } from './ipc';

/**
 * What a command returns, kept up to date. After a failure the last value stays, with the trouble beside it.
 * Make one while a component is set up: it ends with the component. When the arguments change, it is fetched anew.
 */
export class Remote<T> {
  value = $state.raw<T>();
  trouble = $state.raw<Trouble>();
  /** True from the first to the last of the questions under way. */
  busy = $state(false);

  #again = false;
  readonly #command: string;
  #args: Record<string, unknown> = {};

  constructor(
    command: string,
    topics: Topic[],
    args: () => Record<string, unknown> = () => ({}),
  ) {
    this.#command = command;
    $effect(() => {
      this.#args = args();
      untrack(() => void this.refresh());
    });
    $effect(() => onChanged(topics, () => void this.refresh()));
    // Whoever comes back may have edited a file meanwhile, which the agent looks at only now and then.
    $effect(() => {
      const look = () => void this.refresh();
      window.addEventListener('focus', look);
      return () => window.removeEventListener('focus', look);
    });
  }

  /** Fetches now. Asked while a question is under way, it is asked once more behind that one. */
  async refresh(): Promise<void> {
    if (this.busy) {
      this.#again = true;
      return;
    }
    this.busy = true;
    do {
      this.#again = false;
      try {
        this.value = await ask<T>(this.#command, this.#args);
        this.trouble = undefined;
      } catch (error) {
        this.trouble = asTrouble(error);
      }
    } while (this.#again);
    this.busy = false;
  }
}
