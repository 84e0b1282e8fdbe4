// Cloning from the page, against a Rust side that answers as each test tells it.
import { emit } from '@tauri-apps/api/event';
import { clearMocks, mockIPC } from '@tauri-apps/api/mocks';
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CloneStep } from '../lib/bindings/CloneStep';
import type { Trouble } from '../lib/bindings/Trouble';
import { go } from '../lib/navigation.svelte';
import Page from './Page.svelte';

const trouble = (message: string): Trouble => ({ message, hints: ['Do this.'], code: null });
const HOST = 'git-codecommit.eu-west-1.amazonaws.com';

let asked: [string, unknown][];
/** How far the clone is. */
let step: CloneStep | undefined;
let parent: string;
let refuses: string | undefined;
let repository: { name: string; defaultBranch: string };

const of = (command: string) => asked.filter(([name]) => name === command).map(([, args]) => args);
const button = (name: string) => screen.getByRole('button', { name }) as HTMLButtonElement;

/** The Rust side got further, and says so. */
async function goOn(next: CloneStep | undefined): Promise<void> {
  step = next;
  await emit('changed', ['clone']);
}

function answer(command: string, args: Record<string, unknown>): unknown {
  switch (command) {
    case 'repository_places':
      return {
        profiles: [{ name: 'dev', regions: ['eu-west-1'], known: 1 }],
        favourites: [],
        recent: [],
      };
    case 'repositories': {
      const row = {
        description: '',
        lastModified: null,
        host: HOST,
        profile: 'dev',
        region: 'eu-west-1',
        account: '111111111111',
        address: `codecommit::eu-west-1://dev@${repository.name}`,
        ...repository,
      };
      return { repositories: [row], fetchedAt: Math.floor(Date.now() / 1000) };
    }
    case 'clone_form': {
      const folder = `${parent}/${String(args.name)}`;
      const wrong = args.name === 'taken' ? trouble(`${folder} is there already.`) : null;
      return { parent, folder, wrong };
    }
    case 'choose_clone_folder':
      parent = '/srv/work';
      return true;
    case 'start_clone':
      if (refuses) throw trouble(refuses);
      step = { kind: 'signing-in' };
      return null;
    case 'clone_state':
      return step ? { repository: repository.name, folder: '~/src/shop', step } : null;
    case 'close_clone':
      step = undefined;
      return null;
    case 'open_clone_editor':
      throw trouble('code cannot be started.');
    default:
      return null;
  }
}

beforeEach(() => {
  go({ page: 'repositories', profile: null });
  asked = [];
  step = undefined;
  parent = '~/src';
  refuses = undefined;
  repository = { name: 'shop', defaultBranch: 'main' };
  mockIPC(
    (command, args) => {
      asked.push([command, args]);
      return answer(command, args as Record<string, unknown>);
    },
    { shouldMockEvents: true },
  );
});
afterEach(() => {
  cleanup();
  clearMocks();
});

async function open(): Promise<void> {
  render(Page, { target: document.body.appendChild(document.createElement('main')) });
  await fireEvent.click(await screen.findByRole('button', { name: `Clone ${repository.name}…` }));
}

async function begin(): Promise<void> {
  await open();
  await waitFor(() => expect(button('Clone').disabled).toBe(false));
  await fireEvent.click(button('Clone'));
  await screen.findByText('Opening the profile’s session…');
}

test('a repository is cloned into a new folder of the one that was chosen', async () => {
  await open();
  await screen.findByText('~/src/shop');
  await fireEvent.click(button('Choose the folder to clone into…'));
  await screen.findByText('/srv/work/shop');
  await fireEvent.input(screen.getByLabelText('Name of the new folder'), { target: { value: 'taken' } });
  await screen.findByText('/srv/work/taken is there already.');
  expect(button('Clone').disabled).toBe(true);
  await fireEvent.input(screen.getByLabelText('Name of the new folder'), { target: { value: 'mine' } });
  await screen.findByText('/srv/work/mine');
  await fireEvent.click(button('Clone'));
  const wish = { profile: 'dev', host: HOST, repository: 'shop', name: 'mine' };
  await waitFor(() => expect(of('start_clone')).toEqual([{ wish }]));
});

test('what git does is a bar, words and numbers, and the end opens folder and editor', async () => {
  await begin();
  const bar = () => screen.getByRole('progressbar', { name: 'Clone of shop' }) as HTMLProgressElement;
  expect(bar().hasAttribute('value')).toBe(false);
  const numbers = '45 % (900 of 2,000), 12.00 MiB, 3.00 MiB/s';
  await goOn({ kind: 'running', words: 'Receiving objects', numbers, percent: 38 });
  await screen.findByText('Receiving objects');
  screen.getByText(numbers);
  expect(bar().value).toBe(38);
  await goOn({ kind: 'done', editor: 'Kate' });
  await screen.findByText('Cloned shop');
  await fireEvent.click(button('Open folder'));
  expect(of('open_clone_folder')).toHaveLength(1);
  await fireEvent.click(button('Open in Kate'));
  await screen.findByText('code cannot be started.');
  await fireEvent.click(button('Close'));
  await waitFor(() => expect(document.querySelector('dialog')).toBeNull());
  expect(of('close_clone')).toHaveLength(1);
});

test('without an editor it is said where one is named', async () => {
  await begin();
  await goOn({ kind: 'done', editor: null });
  await screen.findByText(/Name an editor in the settings/);
  expect(screen.queryByRole('button', { name: /^Open in / })).toBeNull();
});

test('a clone is cancelled, by its button alone', async () => {
  await begin();
  await goOn({ kind: 'running', words: 'Preparing', numbers: '', percent: null });
  await fireEvent(document.querySelector('dialog')!, new Event('cancel', { cancelable: true }));
  expect(of('cancel_clone')).toHaveLength(0);
  expect(document.querySelector('dialog')).not.toBeNull();
  await fireEvent.click(button('Cancel'));
  expect(of('cancel_clone')).toHaveLength(1);
  await goOn({ kind: 'ending' });
  await screen.findByText(/Ending the clone/);
  expect(button('Cancel').getAttribute('aria-busy')).toBe('true');
  await goOn({ kind: 'stopped' });
  await screen.findByText('The clone of shop was cancelled. Nothing was kept.');
  await waitFor(() => expect(document.querySelector('dialog')).toBeNull());
});

test('a failure says why with git’s own words, and leads back', async () => {
  await begin();
  await goOn({
    kind: 'failed',
    trouble: trouble('there is no room left on the disk'),
    said: ['fatal: write error: <b>No space</b> left on device'],
  });
  await screen.findByText('shop was not cloned');
  screen.getByText('there is no room left on the disk');
  screen.getByText('Do this.');
  screen.getByText('fatal: write error: <b>No space</b> left on device');
  await fireEvent.click(button('Back'));
  await screen.findByLabelText('Name of the new folder');
});

test('what cannot begin is said where it was asked for', async () => {
  refuses = 'A clone is under way already.';
  await open();
  await waitFor(() => expect(button('Clone').disabled).toBe(false));
  await fireEvent.click(button('Clone'));
  await screen.findByText('A clone is under way already.');
});

test('a clone that is under way is found again, and not begun anew from there', async () => {
  step = { kind: 'failed', trouble: trouble('the host cannot be reached'), said: [] };
  render(Page, { target: document.body.appendChild(document.createElement('main')) });
  await screen.findByText('the host cannot be reached');
  expect(screen.queryByRole('button', { name: 'Back' })).toBeNull();
});

test('the keyboard clones from a row', async () => {
  render(Page, { target: document.body.appendChild(document.createElement('main')) });
  const copy = await screen.findByRole('button', { name: 'Copy clone command of shop' });
  copy.focus();
  await fireEvent.keyDown(copy, { key: 'c' });
  await screen.findByText('~/src/shop');
});

test.each([
  ['markup', '<img src=x onerror=alert(1)>'],
  ['a long one', 'n'.repeat(100)],
  ['another direction', '\u05e9\u05dc\u05d5\u05dd\u202etxt.exe'],
])('names of a repository and its branch are text and nothing else: %s', async (_, name) => {
  repository = { name, defaultBranch: `feature/${name}` };
  await begin();
  screen.getByText(`feature/${name}`);
  await screen.findByText(`Cloning ${name}`);
  expect(document.querySelector('img')).toBeNull();
  await goOn({ kind: 'done', editor: name });
  await screen.findByText(`Cloned ${name}`);
  button(`Open in ${name}`);
  expect(document.querySelector('img')).toBeNull();
});
