// The popup for a sign-in with the browser, with the Rust side played by the test.
import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BrowserSignIn } from '../lib/bindings/BrowserSignIn';
import type { PromptPage } from '../lib/bindings/PromptPage';
import type { SignInPage } from '../lib/bindings/SignInPage';
import Prompt from './Prompt.svelte';

const rust = vi.hoisted(() => ({
  page: null as PromptPage | null,
  asked: [] as [string, Record<string, unknown>][],
  changed: () => {},
}));

vi.mock('../lib/ipc', () => ({
  ask: (command: string, args: Record<string, unknown> = {}) => {
    if (command !== 'prompt' && command !== 'fit_prompt') rust.asked.push([command, args]);
    return Promise.resolve(command === 'prompt' ? rust.page : undefined);
  },
  onChanged: (_: string[], changed: () => void) => {
    rust.changed = changed;
    return () => {};
  },
  asTrouble: (error: unknown) => error,
}));

const NOW = 1_795_174_000;

function page(change: Partial<PromptPage> = {}, signIn: Partial<BrowserSignIn> = {}): PromptPage {
  return {
    phase: 'asking',
    question: {
      id: 7,
      program: 'git push',
      whence: 'in ProjectAlpha, from VS Code',
      others: [],
      device: { name: '', account: null, serial: '' },
      profiles: ['dev-team', 'dev-audit', 'prod-audit'],
      lifetimes: [],
      lifetimeSeconds: 0,
      endsAt: null,
    },
    notice: null,
    signIn: {
      portal: 'corp.awsapps.com',
      copiesLink: false,
      deviceAllowed: true,
      copied: false,
      underWay: null,
      ...signIn,
    },
    choice: null,
    declineMinutes: 5,
    ...change,
  };
}

const underWay: SignInPage = {
  id: 3,
  title: 'corp.awsapps.com',
  device: null,
  expiresAt: NOW + 290,
  profiles: ['dev-team'],
  answered: false,
};

const waiting = (change: Partial<SignInPage> = {}, signIn: Partial<BrowserSignIn> = {}) =>
  page({ phase: 'waiting' }, { underWay: { ...underWay, ...change }, ...signIn });

const settled = () => vi.advanceTimersByTimeAsync(0);
const text = () => (document.body.textContent ?? '').replace(/\s+/g, ' ');
const button = (name: RegExp | string) => screen.getByRole('button', { name });

async function open(first: PromptPage) {
  rust.page = first;
  render(Prompt);
  await settled();
}

beforeEach(() => {
  vi.useFakeTimers({ now: NOW * 1000 });
  vi.stubGlobal('ResizeObserver', class { observe() {} disconnect() {} });
  rust.asked = [];
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('a sign-in that is asked for', () => {
  it('says who asks, where, and what it unlocks, and opens nothing by itself', async () => {
    await open(page());
    expect(screen.getByRole('heading').textContent).toContain('git push needs you to sign in');
    for (const words of ['in ProjectAlpha, from VS Code', 'corp.awsapps.com', 'and 1 more', 'quiet for 5 min'])
      expect(text()).toContain(words);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(rust.asked).toEqual([]);
  });

  it('names the portal where the person asked for it', async () => {
    const asked = page();
    await open({ ...asked, question: { ...asked.question, program: null } });
    expect(screen.getByRole('heading').textContent).toContain('Sign in to corp.awsapps.com');
  });

  it('begins the way that was clicked', async () => {
    await open(page());
    expect(document.activeElement).toBe(button('Open browser'));
    await fireEvent.submit(document.querySelector('form')!);
    await fireEvent.click(button('Copy link'));
    await fireEvent.click(button('Another device…'));
    expect(rust.asked.map(([, { way }]) => way)).toEqual(['browser', 'copy-link', 'device']);
  });

  it('follows the settings of the portal', async () => {
    await open(page({}, { copiesLink: true, deviceAllowed: false }));
    expect(screen.getAllByRole('button').map((it) => it.textContent?.trim())).toEqual([
      'Open browser',
      'Not now Esc',
      'Copy link',
    ]);
    await fireEvent.submit(document.querySelector('form')!);
    expect(rust.asked).toEqual([['answer_with_sign_in', { way: 'copy-link' }]]);
  });

  it('is asked for once while AWS is asked, and not without an agent', async () => {
    for (const phase of ['checking', 'lost'] as const) {
      await open(page({ phase }));
      await fireEvent.submit(document.querySelector('form')!);
      cleanup();
    }
    expect(rust.asked).toEqual([]);
  });

  it('says in place why it did not come to its end', async () => {
    const message = 'The sign-in was refused in the browser.';
    await open(page({ notice: { kind: 'retry', message, detail: null, until: null } }));
    expect(screen.getByRole('alert').textContent).toContain(message);
    await fireEvent.submit(document.querySelector('form')!);
    expect(rust.asked).toHaveLength(1);
  });

  it('is left with Escape', async () => {
    await open(page());
    await fireEvent.keyDown(window, { key: 'Escape' });
    expect(rust.asked).toEqual([['close_prompt', {}]]);
  });
});

describe('while it is under way', () => {
  it('waits quietly, with the time left and the way back', async () => {
    await open(waiting());
    expect(text()).toContain('Waiting for your browser…');
    expect(text()).toContain('4 min left');
    await fireEvent.click(button('Copy link'));
    await settled();
    expect(button('Copied')).toBeTruthy();
    await fireEvent.click(button('Open again'));
    await fireEvent.click(button(/^Cancel/));
    await fireEvent.keyDown(window, { key: 'Escape' });
    expect(rust.asked).toEqual([
      ['lead_to_sign_in', { way: 'copy-link' }],
      ['lead_to_sign_in', { way: 'browser' }],
      ['cancel_prompt_sign_in', {}],
      ['cancel_prompt_sign_in', {}],
    ]);
  });

  it('says that the link was copied where no browser is opened', async () => {
    await open(waiting({}, { copied: true }));
    expect(text()).toContain('The link is copied.');
    expect(screen.queryByRole('button', { name: 'Open again' })).toBeNull();
  });

  it('shows the code for another device, and what confirming it means', async () => {
    const device = { code: 'ABCD-EFGH', address: 'device.sso.eu-west-1.amazonaws.com' };
    await open(waiting({ device }));
    expect(screen.getByRole('status', { name: 'Code' }).textContent).toBe('ABCD-EFGH');
    expect(text()).toContain('device.sso.eu-west-1.amazonaws.com');
    expect(text()).toContain('every account and role that you have in corp.awsapps.com');
    await fireEvent.click(button('Copy code'));
    expect(rust.asked).toEqual([['copy_prompt_code', {}]]);
  });

  it('says when the person is done', async () => {
    await open(waiting({ answered: true }));
    expect(text()).toContain('Signed in. Getting your session…');
    expect(screen.queryByRole('button', { name: 'Copy link' })).toBeNull();
  });

  it('comes back to the question when it failed', async () => {
    await open(waiting());
    rust.page = page({ notice: { kind: 'retry', message: 'AWS cannot be reached.', detail: null, until: null } });
    rust.changed();
    await settled();
    expect(screen.getByRole('alert').textContent).toContain('AWS cannot be reached.');
    expect(button('Open browser')).toBeTruthy();
  });
});
