// The page of the repositories, against a Rust side that answers as each test tells it.
import { emit } from '@tauri-apps/api/event';
import { clearMocks, mockIPC } from '@tauri-apps/api/mocks';
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RepositoryPlaces } from '../lib/bindings/RepositoryPlaces';
import type { RepositoryRow } from '../lib/bindings/RepositoryRow';
import type { Trouble } from '../lib/bindings/Trouble';
import { go, location } from '../lib/navigation.svelte';
import Page from './Page.svelte';

const row = (name: string, more: Partial<RepositoryRow> = {}): RepositoryRow => ({
  name,
  description: `About ${name}`,
  defaultBranch: 'main',
  lastModified: 1_795_000_000,
  host: 'git-codecommit.eu-west-1.amazonaws.com',
  profile: 'dev',
  region: 'eu-west-1',
  account: '111111111111',
  address: `codecommit::${more.region ?? 'eu-west-1'}://${more.profile ?? 'dev'}@${name}`,
  ...more,
});
const refusal = (code: string, message: string): Trouble => ({ message, hints: ['ask'], code });
const now = () => Math.floor(Date.now() / 1000);

type Asked = [string, Record<string, unknown>];
let asked: Asked[];
let places: RepositoryPlaces;
/** Answers of `repositories`, the last one for ever. */
let lists: (RepositoryRow[] | Trouble)[];
let age: number;

/** Shows the page where the frame does. */
const show = () => render(Page, { target: document.body.appendChild(document.createElement('main')) });
const of = (command: string) => asked.filter(([name]) => name === command).map(([, args]) => args);

beforeEach(() => {
  go({ page: 'repositories', profile: null });
  asked = [];
  age = 0;
  lists = [[row('alpha'), row('beta')]];
  places = {
    profiles: [
      { name: 'dev', regions: ['eu-west-1', 'us-east-1'], known: 1 },
      { name: 'prod', regions: ['us-east-2'], known: 0 },
    ],
    favourites: [],
    recent: [],
  };
  mockIPC(
    (command, args) => {
      asked.push([command, args as Record<string, unknown>]);
      if (command === 'repository_places') return places;
      if (command === 'clone_state') return null;
      if (command === 'create_repository') {
        const { name, ...place } = args as { name: string; profile: string; region: string };
        if (name === 'taken') throw refusal('exists', 'there is a repository taken already');
        return row(name, place);
      }
      if (command === 'favour_repository') {
        const { address, favourite } = args as { address: string; favourite: boolean };
        const others = places.favourites.filter((known) => known !== address);
        places = { ...places, favourites: favourite ? [...others, address] : others };
      }
      if (command === 'repositories') {
        const next = lists.length > 1 ? lists.shift()! : lists[0]!;
        if (!Array.isArray(next)) throw next;
        return { repositories: next, fetchedAt: now() - age };
      }
      return 0;
    },
    { shouldMockEvents: true },
  );
});
afterEach(() => {
  cleanup();
  clearMocks();
});

test('what is in use is shown, and another place when it is chosen', async () => {
  show();
  await screen.findByText('alpha');
  await screen.findByText('2 repositories in eu-west-1');
  expect(of('repositories')).toEqual([{ profile: 'dev', region: 'eu-west-1', refresh: false }]);
  await fireEvent.change(screen.getByLabelText('Region'), { target: { value: 'us-east-1' } });
  await waitFor(() => expect(of('repositories')).toHaveLength(2));
  await fireEvent.change(screen.getByLabelText('Profile'), { target: { value: 'prod' } });
  await waitFor(() =>
    expect(of('repositories').at(-1)).toEqual({ profile: 'prod', region: 'us-east-2', refresh: false }),
  );
});

test('the page opens with the profile that it was opened for', async () => {
  location.profile = 'prod';
  show();
  await screen.findByText('2 repositories in us-east-2');
});

test('a list that is known is shown at once, and refreshed when it is old', async () => {
  age = 3600;
  lists = [[row('old')], [row('new')]];
  show();
  await screen.findByText('new');
  expect(of('repositories').map(({ refresh }) => refresh)).toEqual([false, true]);
});

test('a list stays when AWS cannot be asked again', async () => {
  age = 3600;
  lists = [[row('old')], refusal('offline', 'the network is gone')];
  show();
  await screen.findByText('the network is gone');
  screen.getByText('old');
  screen.getByText(/^as of/);
});

test('a command is copied and confirmed', async () => {
  show();
  await fireEvent.click(await screen.findByRole('button', { name: 'Copy clone command of beta' }));
  await screen.findByText('Copied the clone command of beta');
  expect(of('copy_clone_command')).toEqual([
    { profile: 'dev', host: 'git-codecommit.eu-west-1.amazonaws.com', repository: 'beta' },
  ]);
});

test('the console opens at the repository', async () => {
  show();
  await fireEvent.click(await screen.findByRole('button', { name: 'Open beta in the console' }));
  expect(of('open_console')).toEqual([
    { profile: 'dev', destination: 'codecommit::eu-west-1://beta' },
  ]);
});

test('searching by keyboard alone', async () => {
  show();
  await screen.findByText('alpha');
  await fireEvent.keyDown(document.body, { key: '/' });
  const field = screen.getByLabelText('Search repositories');
  expect(document.activeElement).toBe(field);
  await fireEvent.input(field, { target: { value: 'bet' } });
  expect(screen.queryByText('alpha')).toBeNull();
  screen.getByText('1 of 2 repositories in eu-west-1');
  await fireEvent.keyDown(field, { key: 'ArrowDown' });
  await waitFor(() =>
    expect(document.activeElement).toBe(
      screen.getByRole('button', { name: 'Copy clone command of beta' }),
    ),
  );
  await fireEvent.keyDown(field, { key: 'Enter' });
  expect(of('copy_clone_command')).toHaveLength(1);
  await fireEvent.input(field, { target: { value: 'zzz' } });
  await screen.findByText('Nothing fits');
  await fireEvent.keyDown(field, { key: 'Escape' });
  await screen.findByText('alpha');
});

test('who is not signed in is offered to', async () => {
  lists = [refusal('mfa-required', 'profile dev needs an MFA code'), [row('alpha')]];
  show();
  await fireEvent.click(await screen.findByRole('button', { name: 'Sign in…' }));
  await screen.findByText('alpha');
  expect(of('renew')).toEqual([{ profile: 'dev', withCode: false }]);
});

test('who may not list is told what is missing', async () => {
  lists = [refusal('denied', 'role R may not perform codecommit:ListRepositories')];
  show();
  await screen.findByText('role R may not perform codecommit:ListRepositories');
  screen.getByText('ask');
  expect(screen.queryByRole('button', { name: 'Sign in…' })).toBeNull();
});

test('empty Regions, and no profile at all', async () => {
  lists = [[]];
  const { unmount } = show();
  await screen.findByText('No repositories in eu-west-1');
  unmount();
  places = { profiles: [], favourites: [], recent: [] };
  show();
  await screen.findByText('No profile to look with');
  await fireEvent.click(screen.getByRole('button', { name: 'Add profile…' }));
  expect(location.page).toBe('add-profile');
});

test('of five thousand repositories a handful is drawn', async () => {
  lists = [Array.from({ length: 5000 }, (_, at) => row(`repo-${String(at).padStart(4, '0')}`))];
  show();
  await screen.findByText('repo-0000');
  await screen.findByText('5,000 repositories in eu-west-1');
  const drawn = document.querySelectorAll('li');
  expect(drawn.length).toBeLessThan(60);
  expect(drawn[0]?.getAttribute('aria-setsize')).toBe('5000');
});

test('names are shown and not run', async () => {
  const name = '<img src=x onerror=alert(1)>';
  lists = [[row('x', { description: name })]];
  show();
  await screen.findByText(name);
  expect(document.querySelector('img')).toBeNull();
});

test('all profiles are looked in, and what one does not give stands beside what others do', async () => {
  places.profiles[1]!.known = 1;
  const prod = { profile: 'prod', region: 'us-east-2', account: '222222222222' };
  const omega = row('omega', prod);
  lists = [[row('alpha')], [omega], refusal('denied', 'may not list'), [omega]];
  show();
  await screen.findByText('omega');
  screen.getByText('2 repositories in 2 regions, through 2 profiles');
  screen.getByText('prod · us-east-2');
  await fireEvent.click(screen.getByRole('button', { name: 'Refresh' }));
  await screen.findByText('dev: may not list');
  screen.getByText('alpha');
  screen.getByText('omega');
});

test('the agent has learned of another repository', async () => {
  lists = [[row('alpha')], [row('alpha'), row('new')]];
  show();
  await screen.findByText('alpha');
  await emit('changed', ['repositories']);
  await screen.findByText('new');
  expect(of('repositories').map(({ refresh }) => refresh)).toEqual([false, false]);
});

test('a favourite is made with the keyboard and stands first', async () => {
  show();
  const copy = await screen.findByRole('button', { name: 'Copy clone command of beta' });
  copy.focus();
  await fireEvent.keyDown(copy, { key: 'f' });
  await waitFor(() => expect(document.querySelector('li')?.textContent).toContain('beta'));
  const star = screen.getByRole('button', { name: 'Favourite: beta' });
  expect(star.getAttribute('aria-pressed')).toBe('true');
  await fireEvent.click(star);
  await waitFor(() => expect(document.querySelector('li')?.textContent).toContain('alpha'));
  const address = 'codecommit::eu-west-1://dev@beta';
  expect(of('favour_repository')).toEqual([
    { address, favourite: true },
    { address, favourite: false },
  ]);
});

test('a repository is created and its clone command copied', async () => {
  show();
  await fireEvent.click(await screen.findByRole('button', { name: 'Create repository…' }));
  const create = screen.getByRole('button', { name: 'Create' }) as HTMLButtonElement;
  expect(create.disabled).toBe(true);
  const name = screen.getByLabelText('Name');
  await fireEvent.input(name, { target: { value: 'taken' } });
  await fireEvent.click(create);
  await screen.findByText('there is a repository taken already');
  await fireEvent.input(name, { target: { value: 'fresh' } });
  await fireEvent.input(screen.getByLabelText('Description'), { target: { value: 'New' } });
  await fireEvent.click(create);
  await screen.findByText('Created fresh in eu-west-1');
  expect(of('create_repository').at(-1)).toEqual({
    profile: 'dev',
    region: 'eu-west-1',
    name: 'fresh',
    description: 'New',
  });
  await fireEvent.click(screen.getByRole('button', { name: 'Copy clone command' }));
  expect(of('copy_clone_command').at(-1)).toMatchObject({ repository: 'fresh' });
});
