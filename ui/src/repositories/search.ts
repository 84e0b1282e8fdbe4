// Searching thousands of repositories while a person types.
import type { RepositoryList } from '../lib/bindings/RepositoryList';
import type { RepositoryRow } from '../lib/bindings/RepositoryRow';

/** A repository with what is searched, so that a keystroke changes no letters. */
export interface Searchable {
  row: RepositoryRow;
  name: string;
  text: string;
}

/**
 * All repositories of several lists: favourites first, then those used lately, then the others by name. What several
 * profiles of an account list is there once, unless it is a favourite or was used with the other profile.
 */
export function searchable(
  lists: RepositoryList[],
  favourites: string[],
  recent: string[],
): Searchable[] {
  const ranks = new Map<string, number>();
  for (const address of [...favourites, ...recent]) {
    if (!ranks.has(address)) ranks.set(address, ranks.size);
  }
  const seen = new Set<string>();
  const found: { it: Searchable; rank: number }[] = [];
  for (const { repositories } of lists) {
    for (const row of repositories) {
      const rank = ranks.get(row.address);
      const id = `${row.account || row.profile} ${row.region} ${row.name}`;
      if (seen.has(id) && rank === undefined) continue;
      seen.add(id);
      const name = row.name.toLowerCase();
      const text = `${name}\n${row.description.toLowerCase()}`;
      found.push({ it: { row, name, text }, rank: rank ?? ranks.size });
    }
  }
  const byName = (a: Searchable, b: Searchable) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
  found.sort((a, b) => a.rank - b.rank || byName(a.it, b.it));
  return found.map(({ it }) => it);
}

/** Those that hold every word of the search in their name or description; names that begin with it first. */
export function search(all: Searchable[], wanted: string): RepositoryRow[] {
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  const [first] = words;
  if (first === undefined) return all.map(({ row }) => row);
  const ranked: RepositoryRow[][] = [[], [], []];
  for (const { row, name, text } of all) {
    if (!words.every((word) => text.includes(word))) continue;
    const rank = name.startsWith(first) ? 0 : words.every((word) => name.includes(word)) ? 1 : 2;
    ranked[rank]!.push(row);
  }
  return ranked.flat();
}

/** What tells a row from all others, whatever it is called. */
export function idOf({ profile, region, name }: RepositoryRow): string {
  return `${region} ${profile} ${name}`;
}
