// What the doctor's page says.
import type { DoctorPage } from '../lib/bindings/DoctorPage';
import type { Grade } from '../lib/bindings/Grade';
import type { MarkName } from '../lib/Mark.svelte';

/** How findings of a grade are headed and marked. */
export const grades: Record<Grade, { title: string; mark: MarkName; label: string }> = {
  problem: { title: 'Broken', mark: 'fault', label: 'Problem' },
  warning: { title: 'Could be better', mark: 'expiring', label: 'Warning' },
  note: { title: 'Worth knowing', mark: 'out', label: 'Note' },
  good: { title: 'As it should be', mark: 'live', label: 'Good' },
};

/** The whole page in a few words. */
export function summary(page: DoctorPage): string {
  return page.summary ?? 'Nothing is wrong.';
}

/** What the closed list of good findings is called. */
export function goodOnes(count: number): string {
  return count === 1 ? '1 thing is as it should be' : `${count} things are as they should be`;
}
