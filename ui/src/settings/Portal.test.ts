// What holds for one portal, as it is chosen.
import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PortalValues } from '../lib/bindings/PortalValues';
import Portal from './Portal.svelte';

const portal: PortalValues = {
  startUrl: 'https://corp.awsapps.com/start',
  title: 'corp.awsapps.com',
  browser: 'default',
  command: '',
  publishToken: false,
  acceptAwsCliToken: false,
};

let saved: [string, unknown][];
const show = (change: Partial<PortalValues> = {}, wrong?: string) =>
  render(Portal, {
    portal: { ...portal, ...change },
    disabled: false,
    wrong: (key: string) => (key === 'command' ? wrong : undefined),
    save: (key: string, value: unknown) => saved.push([key, value]),
  });

beforeEach(() => (saved = []));
afterEach(cleanup);

test('the link may be copied instead of opened', async () => {
  show();
  expect(screen.queryByLabelText('Program')).toBeNull();
  await fireEvent.change(screen.getByLabelText('Open its page in'), { target: { value: 'copy-link' } });
  expect(saved).toEqual([['browser', 'copy-link']]);
});

test('a program is saved when it is named, and not before', async () => {
  show();
  await fireEvent.change(screen.getByLabelText('Open its page in'), { target: { value: 'command' } });
  expect(saved).toEqual([]);
  const field = screen.getByLabelText('Program');
  await fireEvent.input(field, { target: { value: 'firefox -P work' } });
  await fireEvent.keyDown(field, { key: 'Enter' });
  expect(saved).toEqual([['command', 'firefox -P work']]);
});

test('what is wrong with it stands below it', () => {
  show({ browser: 'command', command: 'firefox' }, 'A quote is not closed.');
  expect(screen.getByRole('alert').textContent).toBe('A quote is not closed.');
});

test('sharing with the AWS CLI is asked for, each way by itself', async () => {
  show({ publishToken: true });
  await fireEvent.click(screen.getByLabelText('Let the AWS CLI use the sign-in'));
  await fireEvent.click(screen.getByLabelText('Accept a sign-in of the AWS CLI'));
  expect(saved).toEqual([
    ['publish-token', false],
    ['accept-aws-cli-token', true],
  ]);
});
