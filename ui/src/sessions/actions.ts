// What a row's buttons do.
import type { RowAction } from '../lib/bindings/RowAction';
import type { Trouble } from '../lib/bindings/Trouble';
import { ask } from '../lib/ipc';
import { go } from '../lib/navigation.svelte';

/** Does it, and returns what to tell the person when nothing else shows that it is done. */
export async function perform(
  action: Exclude<RowAction, { kind: 'sign-in-by' }>,
  profile: string,
): Promise<string | undefined> {
  switch (action.kind) {
    case 'sign-in':
    case 'renew':
      await ask('renew', { profile, withCode: false });
      return undefined;
    case 'renew-with-code':
      await ask('renew', { profile, withCode: true });
      return undefined;
    case 'copy-clone-command':
      await ask('copy_clone_command', {
        profile,
        host: action.host,
        repository: action.repository,
      });
      return `Copied the clone command of ${action.repository}.`;
    case 'show-repositories':
      go({ page: 'repositories', profile });
      return undefined;
    case 'copy-environment':
      await ask('copy_environment', { profile });
      return `Copied the command for the environment of ${profile}.`;
    case 'open-console':
      await ask('open_console', { profile });
      return 'The console opens in your browser.';
    case 'pin':
      await ask('pin_profile', { profile, pinned: action.pinned });
      return action.pinned ? `${profile} is always in the menu now.` : `${profile} is no longer pinned.`;
    case 'sign-out':
      await ask('sign_out', { profile });
      return undefined;
  }
}

/** Whether the person knows already, because they did it. */
export function isOwnDoing(trouble: Trouble): boolean {
  return trouble.code === 'declined';
}
