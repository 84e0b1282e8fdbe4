// The time, for words that depend on it.
import { createSubscriber } from 'svelte/reactivity';

const subscribe = createSubscriber((update) => {
  const timer = setInterval(update, 1000);
  return () => clearInterval(timer);
});

/** Seconds since 1970. What reads it is looked at again every second, as long as it is shown. */
export function now(): number {
  subscribe();
  return Math.floor(Date.now() / 1000);
}
