// The popup, with the Rust side played by the test.
import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PromptNotice } from '../lib/bindings/PromptNotice';
import type { PromptPage } from '../lib/bindings/PromptPage';
import Prompt from './Prompt.svelte';

const rust = vi.hoisted(() => ({
  page: null as PromptPage | null,
  answer: undefined as ((code: string) => Promise<PromptPage | null>) | undefined,
  asked: [] as [string, Record<string, unknown>][],
  changed: () => {},
}));

vi.mock('../lib/ipc', () => ({
  ask: (command: string, args: Record<string, unknown> = {}) => {
    rust.asked.push([command, args]);
    if (command === 'prompt') return Promise.resolve(rust.page);
    if (command === 'answer_prompt') return rust.answer?.(String(args.code)) ?? new Promise(() => {});
    return Promise.resolve();
  },
  onChanged: (_: string[], changed: () => void) => {
    rust.changed = changed;
    return () => {};
  },
}));

const NOW = 1_795_174_000;

function page(change: Partial<PromptPage> = {}): PromptPage {
  return {
    phase: 'asking',
    question: {
      id: 7,
      program: 'git push',
      whence: 'in ProjectAlpha, from VS Code; 2 more wait',
      others: [],
      device: { name: 'MyRepositoryUser', account: '1111-2222-3333', serial: 'arn' },
      profiles: ['Chained', 'FetchMfaCredentials', 'MyRepositoryContributor'],
      lifetimes: [900, 3600, 43_200],
      lifetimeSeconds: 43_200,
      endsAt: null,
    },
    notice: null,
    signIn: null,
    choice: null,
    declineMinutes: 5,
    ...change,
  };
}

function notice(kind: PromptNotice['kind'], message: string, until: number | null = null): PromptNotice {
  return { kind, message, detail: null, until };
}

const field = () => screen.getByLabelText<HTMLInputElement>('Six-digit MFA code');
const sent = () => rust.asked.filter(([command]) => command === 'answer_prompt').map(([, args]) => args);
const closed = () => rust.asked.filter(([command]) => command === 'close_prompt').length;
const settled = () => vi.advanceTimersByTimeAsync(0);

async function open(first: PromptPage = page()) {
  rust.page = first;
  render(Prompt);
  await settled();
}

/** The agent told something. */
async function event(next: PromptPage) {
  rust.page = next;
  rust.changed();
  await settled();
}

async function type(text: string) {
  const input = field();
  input.value = text;
  input.setSelectionRange(text.length, text.length);
  await fireEvent.input(input);
}

async function paste(text: string, on: Element = document.body) {
  await fireEvent.paste(on, { clipboardData: { getData: () => text } });
}

beforeEach(() => {
  vi.useFakeTimers({ now: NOW * 1000 });
  vi.stubGlobal('ResizeObserver', class { observe() {} disconnect() {} });
  rust.asked = [];
  rust.answer = undefined;
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('a question', () => {
  it('says who asks, for what and how long', async () => {
    await open();
    expect(screen.getByRole('heading').textContent).toContain('git push needs your MFA code');
    const text = document.body.textContent ?? '';
    for (const words of [
      'in ProjectAlpha, from VS Code; 2 more wait',
      'MyRepositoryUser',
      '1111-2222-3333',
      'and 1 more',
      'Chained, FetchMfaCredentials, MyRepositoryContributor',
      'then quiet for 5 min',
    ])
      expect(text).toContain(words);
    expect(screen.getByLabelText<HTMLSelectElement>('For').selectedOptions[0]?.textContent).toContain('12 hours, until');
    expect(rust.asked).toContainEqual(['fit_prompt', { height: 0 }]);
  });

  it('is about a renewal when the session is still good', async () => {
    const renewal = page();
    await open({ ...renewal, question: { ...renewal.question, program: null, endsAt: NOW + 720 } });
    expect(screen.getByRole('heading').textContent).toContain('Renew your MFA session');
    expect(document.body.textContent).toContain('ends in 12 min');
  });

  it('shows names as text, whatever they are', async () => {
    const odd = '<img src=x onerror=alert(1)>';
    const plain = page();
    await open({ ...plain, question: { ...plain.question, program: odd, profiles: [odd], whence: odd } });
    expect(document.querySelector('img')).toBeNull();
    expect(screen.getByRole('heading').textContent).toContain(odd);
  });

  it('has one field, ready for typing', async () => {
    await open();
    expect(document.querySelectorAll('input')).toHaveLength(1);
    expect(document.activeElement).toBe(field());
    expect(field().inputMode).toBe('numeric');
    expect(field().getAttribute('autocomplete')).toBe('one-time-code');
  });
});

describe('a code', () => {
  it('is sent at the sixth digit, once', async () => {
    await open();
    await type('41792');
    expect(sent()).toEqual([]);
    await type('417926');
    expect(sent()).toEqual([{ code: '417926', lifetimeSeconds: 43_200 }]);
    await fireEvent.submit(document.querySelector('form')!);
    expect(sent()).toHaveLength(1);
    expect(field().readOnly).toBe(true);
  });

  it('is digits only', async () => {
    await open();
    await type('4a1b');
    expect(field().value).toBe('41');
  });

  it('can be pasted anywhere', async () => {
    await open();
    await paste('417-926');
    expect(sent()).toEqual([{ code: '417926', lifetimeSeconds: 43_200 }]);
  });

  it('leaves what was typed when something else is pasted', async () => {
    await open();
    await type('41');
    await paste('hello', field());
    expect(field().value).toBe('41');
    expect(document.body.textContent).toContain('What is on the clipboard is not a six-digit code.');
    await type('417');
    expect(document.body.textContent).not.toContain('clipboard');
  });

  it('goes with the lifetime that was chosen', async () => {
    await open();
    await fireEvent.change(screen.getByLabelText('For'), { target: { value: '900' } });
    await event(page());
    await type('417926');
    expect(sent()).toEqual([{ code: '417926', lifetimeSeconds: 900 }]);
  });
});

describe('after AWS has answered', () => {
  const wrong = notice('wrong-code', 'That code was not right.');

  it('a wrong code is explained, shaken and cleared', async () => {
    await open();
    rust.answer = async () => page({ notice: wrong });
    await type('000000');
    await settled();
    expect(screen.getByRole('alert').textContent).toContain('That code was not right.');
    expect(field().value).toBe('');
    expect(field().getAttribute('aria-invalid')).toBe('true');
    expect(document.querySelector('.shaking')).not.toBeNull();
    await type('417926');
    expect(sent()).toHaveLength(2);
  });

  it('a used code is kept, counted down for and never sent again', async () => {
    await open();
    rust.answer = async () => page({ notice: notice('code-used', 'AWS has seen that code already.', NOW + 11) });
    await type('417926');
    await settled();
    expect(field().value).toBe('417926');
    expect(document.body.textContent?.replace(/\u00a0/g, ' ')).toContain('Next one in 11 s');
    await vi.advanceTimersByTimeAsync(3000);
    expect(document.body.textContent?.replace(/\u00a0/g, ' ')).toContain('Next one in 8 s');
    await vi.advanceTimersByTimeAsync(9000);
    expect(document.body.textContent).toContain('Your device shows the next one now');
    await fireEvent.submit(document.querySelector('form')!);
    expect(sent()).toHaveLength(1);
    // Everything is selected, so the next code is simply typed.
    expect([field().selectionStart, field().selectionEnd]).toEqual([0, 6]);
    await type('902231');
    expect(sent()).toHaveLength(2);
  });

  it('a code that did not reach AWS is kept and sent again when asked', async () => {
    await open();
    rust.answer = async () => page({ notice: notice('retry', 'AWS cannot be reached. Your sessions are kept.') });
    await type('417926');
    await settled();
    expect(field().value).toBe('417926');
    await fireEvent.submit(document.querySelector('form')!);
    expect(screen.getByRole('button', { name: 'Try again' })).toBeTruthy();
    expect(sent().map(({ code }) => code)).toEqual(['417926', '417926']);
  });

  it('who was told to slow down waits', async () => {
    await open();
    rust.answer = async () => page({ notice: notice('retry', 'AWS asks to slow down.', NOW + 5) });
    await type('417926');
    await settled();
    await fireEvent.submit(document.querySelector('form')!);
    expect(sent()).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(6000);
    await fireEvent.submit(document.querySelector('form')!);
    expect(sent()).toHaveLength(2);
  });
});

describe('while AWS is slow', () => {
  it('says so after a moment, and can be cancelled', async () => {
    await open();
    await type('417926');
    await vi.advanceTimersByTimeAsync(399);
    expect(document.body.textContent).not.toContain('Checking with AWS…');
    await vi.advanceTimersByTimeAsync(1);
    expect(document.body.textContent).toContain('Checking with AWS…');
    expect(field().value).toBe('417926');
    await fireEvent.click(screen.getByRole('button', { name: /^Cancel/ }));
    expect(closed()).toBe(1);
  });
});

describe('while somebody types', () => {
  it.each<[string, PromptPage]>([
    ['another caller', page({ question: { ...page().question, whence: '3 more wait' } })],
    ['a code at AWS from elsewhere', page({ phase: 'checking' })],
    ['the end of the agent', page({ phase: 'lost', notice: notice('lost', 'It ended.') })],
  ])('%s takes nothing away', async (_, next) => {
    await open();
    await type('4179');
    const before = field();
    await event(next);
    await vi.advanceTimersByTimeAsync(2000);
    expect(field()).toBe(before);
    expect(field().value).toBe('4179');
    expect(document.activeElement).toBe(before);
  });

  it('the agent may come back with a new question', async () => {
    await open();
    await type('4179');
    await event(page({ phase: 'lost', notice: notice('lost', 'It ended.') }));
    await type('417926');
    expect(sent()).toEqual([]);
    await event(page({ phase: 'over', notice: notice('over', 'Run git push again.') }));
    expect(screen.getByRole('alert').textContent).toContain('Run git push again.');
    await event(page());
    expect(field().value).toBe('417926');
    // Sent only when the person wants it: it may be old by now.
    expect(sent()).toEqual([]);
    await fireEvent.submit(document.querySelector('form')!);
    expect(sent()).toHaveLength(1);
  });
});

describe('the way out', () => {
  it('is Escape or "Not now"', async () => {
    await open();
    await fireEvent.keyDown(field(), { key: 'Escape' });
    await fireEvent.click(screen.getByRole('button', { name: /^Not now/ }));
    expect(closed()).toBe(2);
  });

  it('is one key when nobody waits any more', async () => {
    await open(page({ phase: 'over', notice: notice('over', 'Nobody waits.') }));
    const button = screen.getByRole('button', { name: 'Close' });
    expect(document.activeElement).toBe(button);
    await fireEvent.click(button);
    expect(closed()).toBe(1);
  });
});
