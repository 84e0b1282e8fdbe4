// A value that lives on the Rust side, fetched when somebody asks for it.
import type { Trouble } from './bindings/Trouble';
import { ask, asTrouble } from './ipc';

/** What a command returned last. After a failure it stays, with the trouble beside it. */
export class Fetched<T> {
  value = $state.raw<T>();
  trouble = $state.raw<Trouble>();
  /** True from the first to the last of the questions under way. */
  busy = $state(false);

  protected args: Record<string, unknown> = {};
  #again = false;
  readonly #command: string;

  constructor(command: string) {
    this.#command = command;
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
        this.value = await ask<T>(this.#command, this.args);
        this.trouble = undefined;
      } catch (error) {
        this.trouble = asTrouble(error);
      }
    } while (this.#again);
    this.busy = false;
  }
}
