// Profiles that are looked for in the popup.
import type { Candidate } from '../lib/bindings/Candidate';

/** Those with every word of the search in name, account or chain, whatever the case. */
export function found(candidates: Candidate[], search: string): Candidate[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return candidates;
  return candidates.filter(({ profile, account, chain }) => {
    // An account is typed with or without its dashes.
    const text = [profile, account ?? '', (account ?? '').replaceAll('-', ''), chain].join('\n').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
