// The accounts of a portal as they become known, searched and ticked.
import { SvelteSet } from 'svelte/reactivity';
import type { DiscoveryChoice } from '../lib/bindings/DiscoveryChoice';
import type { DiscoveryPage } from '../lib/bindings/DiscoveryPage';
import type { FoundAccount } from '../lib/bindings/FoundAccount';

/** An account with those of its roles that a search shows. */
export interface Shown {
  account: FoundAccount;
  roles: string[];
}

interface Entry {
  account: FoundAccount;
  /** What a search looks at, in small letters: the account, then each of its roles. */
  text: string;
  roles: string[];
}

/** Everything that is known, and what of it is ticked. */
export class Accounts {
  /** By name. */
  entries = $state.raw<Entry[]>([]);
  readonly #byId = new Map<string, Entry>();
  readonly #ticked = new SvelteSet<string>();
  /** Roles that have a profile, with its name. */
  written = $state.raw<Map<string, string>>(new Map());

  /** Takes in what came. Roles that get to have a profile are ticked, those that lost it no longer. */
  take(page: DiscoveryPage): void {
    for (const account of page.accounts)
      this.#byId.set(account.id, {
        account,
        text: `${account.name} ${account.id} ${account.grouped} ${account.email}`.toLowerCase(),
        roles: account.roles.map((role) => role.toLowerCase()),
      });
    if (page.accounts.length > 0)
      this.entries = [...this.#byId.values()].sort(
        (a, b) => compare(a.account.name, b.account.name) || compare(a.account.id, b.account.id),
      );
    const written = new Map(page.written.map((it) => [key(it.accountId, it.roleName), it.profile]));
    for (const role of written.keys()) if (!this.written.has(role)) this.#ticked.add(role);
    for (const role of this.written.keys()) if (!written.has(role)) this.#ticked.delete(role);
    this.written = written;
  }

  /** The accounts and roles that hold every word of a search. */
  shown(search: string): Shown[] {
    const words = search.toLowerCase().split(/\s+/).filter(Boolean);
    const shown: Shown[] = [];
    for (const { account, text, roles } of this.entries) {
      const left = words.filter((word) => !text.includes(word));
      if (left.length === 0) shown.push({ account, roles: account.roles });
      else {
        const found = account.roles.filter((_, at) => left.every((word) => roles[at]?.includes(word)));
        if (found.length > 0) shown.push({ account, roles: found });
      }
    }
    return shown;
  }

  isTicked(account: string, role: string): boolean {
    return this.#ticked.has(key(account, role));
  }

  /** How many roles are ticked. */
  get count(): number {
    return this.#ticked.size;
  }

  /** Something is ticked that has no profile, or the other way round. */
  get isChanged(): boolean {
    if (this.#ticked.size !== this.written.size) return true;
    for (const role of this.#ticked) if (!this.written.has(role)) return true;
    return false;
  }

  tick(account: string, roles: string[], on: boolean): void {
    for (const role of roles) {
      if (on) this.#ticked.add(key(account, role));
      else this.#ticked.delete(key(account, role));
    }
  }

  /** What is ticked, account by account. */
  get chosen(): DiscoveryChoice['roles'] {
    const chosen = new Map<string, string[]>();
    for (const role of this.#ticked) {
      const [account = '', name = ''] = split(role);
      const roles = chosen.get(account);
      if (roles) roles.push(name);
      else chosen.set(account, [name]);
    }
    return [...chosen];
  }

  /** The name of the profile that a role has. */
  profile(account: string, role: string): string | undefined {
    return this.written.get(key(account, role));
  }
}

/** Neither has a slash. */
function key(account: string, role: string): string {
  return `${account}/${role}`;
}

function split(key: string): string[] {
  const at = key.indexOf('/');
  return [key.slice(0, at), key.slice(at + 1)];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
