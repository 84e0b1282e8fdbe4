// The frame: what concerns all pages, and how they are reached.
import { emit } from '@tauri-apps/api/event';
import { clearMocks, mockIPC } from '@tauri-apps/api/mocks';
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ShellPage } from '../lib/bindings/ShellPage';
import { location, start } from '../lib/navigation.svelte';
import Shell from './Shell.svelte';

let shell: ShellPage;
let asked: string[];

beforeEach(() => {
  asked = [];
  shell = { theme: 'dark', banners: [], badges: [] };
  start('?page=settings');
  mockIPC(
    (command) => {
      asked.push(command);
      if (command === 'shell') return shell;
      throw { message: `no answer to ${command}`, hints: [], code: null };
    },
    { shouldMockEvents: true },
  );
});
afterEach(() => {
  cleanup();
  clearMocks();
});

test('the address names the first page, and an unknown one is none', () => {
  start('?page=activity&profile=dev');
  expect({ ...location }).toEqual({ page: 'activity', profile: 'dev' });
  start('?page=nowhere');
  expect({ ...location }).toEqual({ page: 'sessions', profile: null });
});

test('the navigation and the tray change the page', async () => {
  render(Shell);
  const settings = screen.getByRole('button', { name: 'Settings' });
  expect(settings.getAttribute('aria-current')).toBe('page');
  await fireEvent.click(screen.getByRole('button', { name: 'Activity' }));
  expect(location.page).toBe('activity');
  await emit('show', { page: 'add-profile', profile: null });
  await waitFor(() => expect(location.page).toBe('add-profile'));
  expect(screen.getByRole('button', { name: 'Sessions' }).getAttribute('aria-current')).toBe('page');
});

test('the theme of the settings stands on the root', async () => {
  render(Shell);
  await waitFor(() => expect(document.documentElement.dataset.theme).toBe('dark'));
  shell = { ...shell, theme: 'light' };
  await emit('changed', ['settings']);
  await waitFor(() => expect(document.documentElement.dataset.theme).toBe('light'));
});

test('counts are read out with their words', async () => {
  shell.badges = [{ page: 'sessions', count: 2, words: '2 need you' }];
  render(Shell);
  expect(await screen.findByRole('button', { name: 'Sessions (2 need you)' })).toBeTruthy();
});

test('a locked agent can be unlocked, and a refusal is told', async () => {
  shell.banners = [
    { kind: 'need', message: 'Holdfast is locked.', hints: [], action: 'unlock' },
  ];
  render(Shell);
  await fireEvent.click(await screen.findByRole('button', { name: 'Unlock' }));
  expect(asked).toContain('unlock');
  expect(await screen.findByText('no answer to unlock')).toBeTruthy();
});
