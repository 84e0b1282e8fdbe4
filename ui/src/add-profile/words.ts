// What the page that adds profiles says.
import type { AddProfilePage } from '../lib/bindings/AddProfilePage';
import type { Held } from '../lib/bindings/Held';

/** What was found, in one sentence. */
export function summary(page: AddProfilePage): string {
  if (page.isEmpty) return `There is no profile in ${page.configFile} yet. Begin with a key or a profile.`;
  const profiles = count(page.profiles.length, 'profile');
  const plain = page.keys.filter((key) => key.held !== 'temporary').length;
  if (plain > 0) return `${profiles} found. ${count(plain, 'access key')} in plaintext.`;
  return `${profiles} found. No access key in plaintext.`;
}

/** What the keychain holds for a plaintext key. */
export const heldWords: Record<Held, string> = {
  nothing: 'Only in plaintext',
  same: 'Also in the keychain',
  other: 'The keychain holds another key',
  temporary: 'Ends by itself',
};

/** A number and what it counts. */
export function count(number: number, what: string): string {
  return number === 1 ? `1 ${what}` : `${number} ${what}s`;
}
