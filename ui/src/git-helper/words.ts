// What the page of the git helper says.
import type { GitChange } from '../lib/bindings/GitChange';
import type { GitHelperPage } from '../lib/bindings/GitHelperPage';

/** The dialog of each change. */
export const dialogs: Record<
  GitChange,
  { title: string; action: string; kind: 'primary' | 'danger'; files?: string }
> = {
  install: {
    title: 'Install the programs?',
    action: 'Install',
    kind: 'primary',
    files: 'These programs are copied:',
  },
  uninstall: {
    title: 'Remove the programs?',
    action: 'Remove',
    kind: 'danger',
    files: 'These programs are removed:',
  },
  'set-up': { title: 'Set git up for CodeCommit?', action: 'Set up', kind: 'primary' },
  undo: { title: "Take Holdfast out of git's configuration?", action: 'Undo', kind: 'danger' },
};

/** The whole page in one sentence. */
export function summary({ programs, git }: GitHelperPage): string {
  if (!git) return 'git cannot be asked.';
  if (programs.state === 'missing' && git.state === 'not-set-up')
    return 'Install the programs, then let git ask Holdfast about CodeCommit.';
  if (programs.state === 'outdated') return 'The programs are of another version of Holdfast.';
  switch (git.state) {
    case 'set-up':
      return 'git asks Holdfast about CodeCommit, and about nothing else.';
    case 'broken':
      return "git's configuration needs mending.";
    case 'not-set-up':
      return 'git does not ask Holdfast about CodeCommit yet.';
  }
}
