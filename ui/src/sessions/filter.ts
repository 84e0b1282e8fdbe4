// Which rows a search shows.
import type { SessionRow } from '../lib/bindings/SessionRow';
import type { SessionsPage } from '../lib/bindings/SessionsPage';

/** The page with the rows that hold every word of the search in their name, chain or group. */
export function filtered(page: SessionsPage, search: string): SessionsPage {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return page;
  const holds = (title: string) => words.every((word) => title.toLowerCase().includes(word));
  const matching = (rows: SessionRow[], title: string) =>
    rows.filter(({ profile, words: chain }) => {
      const text = `${profile} ${chain} ${title}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
  return {
    ...page,
    groups: page.groups
      .map((group) => ({ ...group, rows: matching(group.rows, group.title) }))
      .filter(({ title, portal, rows }) => rows.length > 0 || (portal && holds(title))),
    broken: matching(page.broken, ''),
  };
}
