// Which page of the main window is shown.
import type { Destination } from './bindings/Destination';
import type { PageName } from './bindings/PageName';

const pages: PageName[] = [
  'sessions',
  'repositories',
  'activity',
  'git-helper',
  'doctor',
  'settings',
  'add-profile',
];

/** The page that is shown, and the profile it is about, where it is about one. */
export const location = $state<{ page: PageName; profile: string | null }>({
  page: 'sessions',
  profile: null,
});

/** Shows a page. */
export function go({ page, profile }: Destination): void {
  location.page = page;
  location.profile = profile;
}

/** Begins with the page that the window's own address names. */
export function start(query: string): void {
  const words = new URLSearchParams(query);
  const page = pages.find((name) => name === words.get('page')) ?? 'sessions';
  go({ page, profile: words.get('profile') });
}
