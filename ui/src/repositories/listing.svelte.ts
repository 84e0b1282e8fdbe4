// The repositories of one place: what is known at once, and then what AWS says now.
import type { RepositoryList } from '../lib/bindings/RepositoryList';
import type { Trouble } from '../lib/bindings/Trouble';
import { ask, asTrouble } from '../lib/ipc';

/** A list that is older is asked for anew, in seconds. */
const FRESH = 60;

export class Listing {
  list = $state.raw<RepositoryList>();
  trouble = $state.raw<Trouble>();
  busy = $state(false);

  #profile = '';
  #region = '';
  /** Answers to earlier questions are not shown any more. */
  #turn = 0;

  /** Shows another place. */
  async look(profile: string, region: string): Promise<void> {
    this.#profile = profile;
    this.#region = region;
    this.list = undefined;
    const known = await this.#ask(false);
    if (known && Date.now() / 1000 - known.fetchedAt > FRESH) await this.refresh();
  }

  /** Asks AWS now. What is shown stays until it answers, and when it does not. */
  async refresh(): Promise<void> {
    if (this.#profile) await this.#ask(true);
  }

  /** Nothing when it did not work, or when another question came after this one. */
  async #ask(refresh: boolean): Promise<RepositoryList | undefined> {
    const turn = ++this.#turn;
    const [profile, region] = [this.#profile, this.#region];
    this.busy = true;
    this.trouble = undefined;
    try {
      const list = await ask<RepositoryList>('repositories', { profile, region, refresh });
      if (turn !== this.#turn) return undefined;
      this.list = list;
    } catch (error) {
      if (turn !== this.#turn) return undefined;
      this.trouble = asTrouble(error);
    }
    this.busy = false;
    return this.trouble ? undefined : this.list;
  }
}
