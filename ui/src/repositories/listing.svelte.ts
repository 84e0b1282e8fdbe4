// The repositories of several places: what is known at once, and then what AWS says now.
import type { RepositoryList } from '../lib/bindings/RepositoryList';
import type { Trouble } from '../lib/bindings/Trouble';
import { ask, asTrouble } from '../lib/ipc';

/** A profile in a Region. */
export interface Place {
  profile: string;
  region: string;
}

/** Why a place gave nothing. */
export interface Missing {
  place: Place;
  trouble: Trouble;
}

/** A list that is older is asked for anew, in seconds. */
const FRESH = 300;

/** Places that are asked for at the same time. */
const AT_ONCE = 6;

export class Listing {
  lists = $state.raw<RepositoryList[]>([]);
  missing = $state.raw<Missing[]>([]);
  /** How many answers are on their way. */
  busy = $state(0);

  /** When the oldest list was asked for. */
  readonly fetchedAt = $derived(
    this.lists.length > 0 ? Math.min(...this.lists.map((list) => list.fetchedAt)) : undefined,
  );

  #places: Place[] = [];
  readonly #known = new Map<string, RepositoryList>();
  readonly #troubles = new Map<string, Missing>();
  #queue: { place: Place; refresh: boolean }[] = [];
  #running = 0;

  /** Shows these places, and none that was shown before and is not among them. */
  look(places: Place[]): void {
    const before = new Set(this.#places.map(idOf));
    const now = new Set(places.map(idOf));
    this.#places = places;
    for (const id of before) {
      if (now.has(id)) continue;
      this.#known.delete(id);
      this.#troubles.delete(id);
    }
    this.#queue = this.#queue.filter(({ place }) => now.has(idOf(place)));
    this.#show();
    for (const place of places) if (!before.has(idOf(place))) this.#ask(place, false);
  }

  /** Asks AWS now, for all places or one. What is shown stays until it answers, and when it does not. */
  refresh(place?: Place): void {
    for (const one of place ? [place] : this.#places) this.#ask(one, true);
  }

  /** Takes in what the agent has learned by itself. */
  again(): void {
    for (const place of this.#places) this.#ask(place, false);
  }

  #ask(place: Place, refresh: boolean): void {
    this.#queue.push({ place, refresh });
    this.#next();
  }

  #next(): void {
    while (this.#running < AT_ONCE) {
      const next = this.#queue.shift();
      if (!next) break;
      this.#running += 1;
      void this.#listen(next.place, next.refresh).finally(() => {
        this.#running -= 1;
        this.#next();
      });
    }
    this.busy = this.#running + this.#queue.length;
  }

  async #listen(place: Place, refresh: boolean): Promise<void> {
    const id = idOf(place);
    const isShown = () => this.#places.some((shown) => idOf(shown) === id);
    try {
      const list = await ask<RepositoryList>('repositories', { ...place, refresh });
      if (!isShown()) return;
      this.#known.set(id, list);
      this.#troubles.delete(id);
      if (!refresh && Date.now() / 1000 - list.fetchedAt > FRESH) this.#queue.push({ place, refresh: true });
    } catch (error) {
      if (!isShown()) return;
      this.#troubles.set(id, { place, trouble: asTrouble(error) });
    }
    this.#show();
  }

  #show(): void {
    const of = <T,>(known: Map<string, T>) =>
      this.#places.map((place) => known.get(idOf(place))).filter((it) => it !== undefined);
    this.lists = of(this.#known);
    this.missing = of(this.#troubles);
  }
}

function idOf({ profile, region }: Place): string {
  return `${region} ${profile}`;
}
