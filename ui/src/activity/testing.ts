// Entries for tests.
import type { ActivityRow } from '../lib/bindings/ActivityRow';

/** An ordinary entry, except for what is given. */
export function entry(given: Partial<ActivityRow> = {}): ActivityRow {
  return {
    id: 1,
    at: Math.floor(Date.now() / 1000),
    sign: 'given',
    meaning: 'received',
    title: 'git fetch',
    words: 'credentials',
    reason: null,
    profile: 'dev',
    times: 1,
    refused: false,
    ...given,
  };
}
