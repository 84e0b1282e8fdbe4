// The profiles and Regions that are looked in.
import type { RepositoryProfile } from '../lib/bindings/RepositoryProfile';
import type { Place } from './listing.svelte';

/** Places that are looked in unasked; a thousand profiles would be a thousand questions to AWS. */
const MOST = 40;

/** Where to look, and how many profiles that leaves out: the chosen profile and Region, or all that are in use. */
export function lookedIn(
  profiles: RepositoryProfile[],
  profile: string,
  region: string,
): { places: Place[]; left: number } {
  const places = profiles
    .filter(({ name }) => !profile || name === profile)
    .flatMap(({ name, regions, known }) => {
      // Where nothing is known of the only profile that is asked for, its first Region is as good as any.
      const inUse = regions.slice(0, Math.max(known, profile ? 1 : 0));
      const wanted = region ? regions.filter((it) => it === region) : inUse;
      return wanted.map((it) => ({ profile: name, region: it }));
    });
  return { places: places.slice(0, MOST), left: Math.max(0, places.length - MOST) };
}

/** The Regions to choose from: those in use first. */
export function regionsOf(profiles: RepositoryProfile[], profile: string): string[] {
  const of = profiles.filter(({ name }) => !profile || name === profile);
  const inUse = of.flatMap(({ regions, known }) => regions.slice(0, known));
  return [...new Set([...inUse, ...of.flatMap(({ regions }) => regions)])];
}
