// A value that lives on the Rust side, fetched anew when it changed there.
import { untrack } from 'svelte';
import type { Topic } from './bindings/Topic';
import { Fetched } from './fetched.svelte';
import { onChanged } from './ipc';

/**
 * What a command returns, kept up to date. Make one while a component is set up: it ends with the component. When the
 * arguments change, it is fetched anew.
 */
export class Remote<T> extends Fetched<T> {
  constructor(
    command: string,
    topics: Topic[],
    args: () => Record<string, unknown> = () => ({}),
  ) {
    super(command);
    $effect(() => {
      this.args = args();
      untrack(() => void this.refresh());
    });
    $effect(() => onChanged(topics, () => void this.refresh()));
    // Whoever comes back may have edited a file meanwhile, which the agent looks at only now and then.
    $effect(() => {
      const look = () => void this.refresh();
      window.addEventListener('focus', look);
      return () => window.removeEventListener('focus', look);
    });
  }
}
