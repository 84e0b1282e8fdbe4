// What the agent did, as far as it was looked at: page by page towards the past, and what is new meanwhile.
import { untrack } from 'svelte';
import type { ActivityPage } from '../lib/bindings/ActivityPage';
import type { ActivityRow } from '../lib/bindings/ActivityRow';
import type { Trouble } from '../lib/bindings/Trouble';
import { ask, asTrouble, onChanged } from '../lib/ipc';

/** Entries asked for at a time. */
const PAGE = 100;

/**
 * Make one while a component is set up: it ends with the component. While somebody is reading, new entries are only
 * counted, so that nothing moves under their eyes; what is shown already is kept up to date in its place.
 */
export class Entries {
  rows = $state.raw<ActivityRow[]>([]);
  /** There are older ones. */
  more = $state(false);
  /** Something was told, if only that there is nothing. */
  loaded = $state(false);
  busy = $state(false);
  trouble = $state.raw<Trouble>();
  /** The newest page, of which not everything may be shown yet. */
  #newest = $state.raw<ActivityPage>({ rows: [], more: false });
  #again = false;
  readonly #isReading: () => boolean;

  /** How many entries are not shown yet. */
  readonly unseen = $derived.by(() => {
    const first = this.rows[0];
    return first ? this.#newest.rows.filter((row) => row.id > first.id).length : 0;
  });

  constructor(isReading: () => boolean) {
    this.#isReading = isReading;
    $effect(() => {
      untrack(() => void this.refresh());
      return onChanged(['activity'], () => void this.refresh());
    });
  }

  /** Fetches what is new. Asked while a question is under way, it is asked once more behind that one. */
  async refresh(): Promise<void> {
    this.#again = true;
    await this.#alone(async () => {
      while (this.#again) {
        this.#again = false;
        this.#take(await ask<ActivityPage>('activity', { before: null, limit: PAGE }));
      }
    });
  }

  /** Fetches the next page towards the past. */
  async older(): Promise<void> {
    const last = this.rows.at(-1);
    if (!last) return this.refresh();
    await this.#alone(async () => {
      const page = await ask<ActivityPage>('activity', { before: last.id, limit: PAGE });
      this.rows = [...this.rows, ...page.rows];
      this.more = page.more;
    });
    if (this.#again) await this.refresh();
  }

  /** Shows what was only counted. */
  show(): void {
    const { rows, more } = this.#newest;
    const first = this.rows[0];
    const oldest = rows.at(-1);
    if (first && oldest && oldest.id <= first.id) {
      this.rows = [...rows.filter((row) => row.id > first.id), ...this.rows];
    } else {
      // More has happened than one page holds: what was shown does not follow it any more.
      this.rows = rows;
      this.more = more;
    }
  }

  #take(page: ActivityPage): void {
    const before = this.rows[0]?.id ?? 0;
    const after = page.rows[0]?.id ?? 0;
    const told = new Map(page.rows.map((row) => [row.id, row]));
    this.rows = this.rows.map((row) => told.get(row.id) ?? row);
    this.#newest = page;
    this.loaded = true;
    // Smaller numbers: the record was deleted and begun anew.
    if (after < before || before === 0) {
      this.rows = page.rows;
      this.more = page.more;
    } else if (after > before && !this.#isReading()) {
      this.show();
    }
  }

  async #alone(work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      await work();
      this.trouble = undefined;
    } catch (error) {
      this.trouble = asTrouble(error);
    }
    this.busy = false;
  }
}
