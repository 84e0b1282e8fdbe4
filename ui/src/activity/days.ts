// Rows by the day on which they happened.
import type { ActivityRow } from '../lib/bindings/ActivityRow';
import { day } from '../lib/time';

export interface Day {
  title: string;
  rows: ActivityRow[];
}

/** Rows that come newest first, day by day. */
export function byDay(rows: ActivityRow[], now: number, zone?: string): Day[] {
  const days: Day[] = [];
  for (const row of rows) {
    const title = day(row.at, now, zone);
    const last = days.at(-1);
    if (last?.title === title) last.rows.push(row);
    else days.push({ title, rows: [row] });
  }
  return days;
}

/** Rows in which every word of a filter occurs. */
export function matching(rows: ActivityRow[], filter: string, refusedOnly: boolean): ActivityRow[] {
  const wanted = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    if (refusedOnly && !row.refused) return false;
    const text = [row.title, row.profile, row.words, row.reason, row.meaning].join('\n').toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}
