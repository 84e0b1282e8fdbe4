// What the page of the repositories says, and which rows of a long list it draws.

const count = new Intl.NumberFormat('en-GB');

/** How many there are, and how many of them are shown. */
export function summary(all: number, shown: number, where: string): string {
  const noun = all === 1 ? 'repository' : 'repositories';
  const number = shown === all ? count.format(all) : `${count.format(shown)} of ${count.format(all)}`;
  return `${number} ${noun} ${where}`;
}

/** Where they are, in words. */
export function where(places: { profile: string; region: string }[]): string {
  const regions = new Set(places.map(({ region }) => region));
  const profiles = new Set(places.map(({ profile }) => profile)).size;
  const [only] = regions;
  const there = regions.size === 1 ? `in ${only}` : `in ${regions.size} regions`;
  return profiles > 1 ? `${there}, through ${profiles} profiles` : there;
}

/** First row to draw and the one behind the last: what is in sight, and some more above and below. */
export function inSight(top: number, height: number, row: number, all: number): [number, number] {
  const spare = 4;
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
