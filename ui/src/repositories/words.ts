// What the page of the repositories says, and which rows of a long list it draws.
import type { RepositoryRow } from '../lib/bindings/RepositoryRow';

const count = new Intl.NumberFormat('en-GB');

/** How many there are, and how many of them are shown. */
export function summary(all: number, shown: number, region: string): string {
  const noun = all === 1 ? 'repository' : 'repositories';
  const number = shown === all ? count.format(all) : `${count.format(shown)} of ${count.format(all)}`;
  return `${number} ${noun} in ${region}`;
}

/** The rows that hold every word of the search in their name or description; names that begin with it first. */
export function search(rows: RepositoryRow[], wanted: string): RepositoryRow[] {
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  const found = rows.filter((row) => {
    const text = `${row.name}\n${row.description}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const rank = (row: RepositoryRow) => {
    const name = row.name.toLowerCase();
    if (name.startsWith(words[0]!)) return 0;
    return words.every((word) => name.includes(word)) ? 1 : 2;
  };
  return found.sort((a, b) => rank(a) - rank(b));
}

/** First row to draw and the one behind the last: what is in sight, and some more above and below. */
export function inSight(top: number, height: number, row: number, all: number): [number, number] {
  const spare = 12;
  const first = Math.max(0, Math.floor(top / row) - spare);
  const end = Math.min(all, Math.ceil((top + height) / row) + spare);
  return [Math.min(first, end), end];
}

/** Whether signing in would help. */
export function needsPerson(code: string | null | undefined): boolean {
  return ['mfa-required', 'sign-in-required', 'session-revoked', 'declined', 'prompt-timeout'].includes(
    code ?? '',
  );
}
