// Times as a person would say them. What is left is worded as in the tray; `durations.json` holds both to it.

/** To the minute from one minute on: `45 s`, `52 min`, `5 h 12 min`, `11 h`, `3 days`. */
export function length(seconds: number): string {
  const minutes = Math.trunc(seconds / 60);
  const hours = Math.trunc(seconds / 3600);
  if (seconds < 60) return `${Math.max(0, Math.trunc(seconds))} s`;
  if (minutes < 60) return `${minutes} min`;
  if (hours >= 48) return `${Math.trunc(hours / 24)} days`;
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** A moment by the clock on the wall: `21:40`, `tomorrow 09:12`, `2026-11-23 09:12`. */
export function clock(at: number, now: number, zone?: string): string {
  const [date, time] = split(at, zone);
  if (date === split(now, zone)[0]) return time;
  if (date === split(now + 86_400, zone)[0]) return `tomorrow ${time}`;
  return `${date} ${time}`;
}

/** The time of day: `21:40`. */
export function timeOfDay(at: number, zone?: string): string {
  return split(at, zone)[1];
}

/** A day as a heading: `Today`, `Yesterday`, `Friday 20 November`, and the year where it is another one. */
export function day(at: number, now: number, zone?: string): string {
  const [date] = split(at, zone);
  const [today] = split(now, zone);
  if (date === today) return 'Today';
  if (date === split(now - 86_400, zone)[0]) return 'Yesterday';
  return new Intl.DateTimeFormat('en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(date.slice(0, 4) === today.slice(0, 4) ? {} : { year: 'numeric' }),
    ...(zone ? { timeZone: zone } : {}),
  })
    .format(at * 1000)
    .replace(',', '');
}

/** The whole of a time, for those who hover. */
export function exact(at: number): string {
  return inFull.format(at * 1000);
}

// Formats are made once: that costs as much as drawing some rows of a list.
const inFull = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'long' });
const byZone = new Map<string | undefined, Intl.DateTimeFormat>();

/** Date and time of day as ISO 8601 has them, which is how Sweden writes them. */
function split(at: number, timeZone?: string): [string, string] {
  let format = byZone.get(timeZone);
  if (!format) {
    const zone = timeZone ? { timeZone } : {};
    format = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', ...zone });
    byZone.set(timeZone, format);
  }
  return format.format(at * 1000).split(' ') as [string, string];
}
