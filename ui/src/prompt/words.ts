// What the popup says about lifetimes and names.
import { clock, length } from '../lib/time';

const DAY = 24 * 3600;

/** A lifetime and when it ends: `12 hours, until 21:40`; with the day where the time alone would not tell. */
export function lifetime(seconds: number, now: number): string {
  const end = now + seconds;
  return `${whole(seconds)}, until ${clock(end, seconds < DAY ? end : now)}`;
}

/** The first names, and how many more there are. */
export function shortened(names: string[]): { shown: string[]; more: number } {
  const shown = names.slice(0, 2);
  return { shown, more: names.length - shown.length };
}

function whole(seconds: number): string {
  const hours = seconds / 3600;
  if (Number.isInteger(hours)) return hours === 1 ? '1 hour' : `${hours} hours`;
  if (seconds < 3600 && seconds % 60 === 0) return `${seconds / 60} minutes`;
  return length(seconds);
}
