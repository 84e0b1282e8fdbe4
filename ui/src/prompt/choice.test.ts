// The popup for the choice of a profile, with the Rust side played by the test.
import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Candidate } from '../lib/bindings/Candidate';
import type { PromptPage } from '../lib/bindings/PromptPage';
import { found } from './candidates';
import Prompt from './Prompt.svelte';

const rust = vi.hoisted(() => ({
  page: null as PromptPage | null,
  asked: [] as [string, Record<string, unknown>][],
}));

vi.mock('../lib/ipc', () => ({
  ask: (command: string, args: Record<string, unknown> = {}) => {
    if (command !== 'prompt' && command !== 'fit_prompt') rust.asked.push([command, args]);
    return Promise.resolve(command === 'fit_prompt' ? undefined : rust.page);
  },
  onChanged: () => () => {},
  asTrouble: (error: unknown) => error,
}));

function candidate(profile: string, account: string | null = '1111-2222-3333'): Candidate {
  return { profile, account, chain: `access key of ${profile} → Developer` };
}

function page(candidates: Candidate[], forgotten: string | null = null): PromptPage {
  return {
    phase: 'asking',
    question: {
      id: 4294967297,
      program: 'git clone',
      whence: 'in Projects',
      others: [],
      device: { name: '', account: null, serial: '' },
      profiles: [],
      lifetimes: [],
      lifetimeSeconds: 0,
      endsAt: null,
    },
    notice: null,
    signIn: null,
    choice: {
      repository: 'shop',
      region: 'eu-west-1',
      host: 'git-codecommit.eu-west-1.amazonaws.com',
      candidates,
      forgotten,
    },
    declineMinutes: 5,
  };
}

const text = () => (document.body.textContent ?? '').replace(/\s+/g, ' ');
const settled = () => new Promise((resolve) => setTimeout(resolve));

async function open(first: PromptPage) {
  rust.page = first;
  render(Prompt);
  await settled();
}

async function press(key: string) {
  await fireEvent.keyDown(document.activeElement ?? document.body, { key });
  await settled();
}

beforeEach(() => {
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      disconnect() {}
    },
  );
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  rust.asked = [];
});

describe('the choice of a profile', () => {
  it('says who asks, for what, and what each profile is', async () => {
    await open(page([candidate('dev'), candidate('ops', null)], 'old'));
    expect(screen.getByRole('heading').textContent).toContain('git clone needs a profile');
    expect(text()).toContain('2 profiles fit shop in eu-west-1.');
    expect(text()).toContain('Profile old, which was remembered for it, is gone');
    expect(text()).toContain('1111-2222-3333');
    expect(text()).toContain('access key of ops → Developer');
    expect(screen.queryByRole('searchbox')).toBeNull();
    expect(screen.getByRole<HTMLInputElement>('checkbox').checked).toBe(true);
  });

  it('is made with the arrow keys and Enter', async () => {
    await open(page([candidate('dev'), candidate('ops')]));
    screen.getAllByRole('radio')[0]?.focus();
    await press('ArrowDown');
    await press('ArrowDown');
    await press('Enter');
    expect(rust.asked).toEqual([['choose_profile', { profile: 'ops', remember: true }]]);
  });

  it('need not be remembered', async () => {
    await open(page([candidate('dev'), candidate('ops')]));
    await fireEvent.click(screen.getByRole('checkbox'));
    await fireEvent.click(screen.getByRole('button', { name: 'Use profile' }));
    expect(rust.asked).toEqual([['choose_profile', { profile: 'dev', remember: false }]]);
  });

  it('is declined with Esc', async () => {
    await open(page([candidate('dev'), candidate('ops')]));
    await press('Escape');
    expect(rust.asked).toEqual([['close_prompt', {}]]);
  });

  it('is searched when there are more than eight', async () => {
    const many = Array.from({ length: 9 }, (_, at) => candidate(`team-${at}`));
    await open(page(many));
    const search = screen.getByRole('searchbox');
    await fireEvent.input(search, { target: { value: 'TEAM-7' } });
    expect(screen.getAllByRole('radio')).toHaveLength(1);
    search.focus();
    await press('Enter');
    expect(rust.asked).toEqual([['choose_profile', { profile: 'team-7', remember: true }]]);
    await fireEvent.input(search, { target: { value: 'nobody' } });
    expect(text()).toContain('No profile is called that.');
  });
});

describe('the search', () => {
  it('looks for every word, and for accounts with and without dashes', () => {
    const all = [candidate('dev', '1111-2222-3333'), candidate('ops', '4444-5555-6666')];
    const names = (search: string) => found(all, search).map((it) => it.profile);
    expect(names('')).toEqual(['dev', 'ops']);
    expect(names('444455')).toEqual(['ops']);
    expect(names('4444-55')).toEqual(['ops']);
    expect(names('developer OPS key')).toEqual(['ops']);
    expect(names('key 4444')).toEqual(['ops']);
    expect(names('key nothing')).toEqual([]);
  });
});
