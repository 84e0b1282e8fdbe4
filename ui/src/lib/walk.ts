// Arrow keys in lists.

/** Elements that the arrow keys stop at: the first of these in each `li` of the page. */
const STOPS = 'button:not([disabled]), a[href], input, select';

/** Moves the focus up or down between the rows of all lists of the page. */
export function walk(event: KeyboardEvent): void {
  const target = event.target as HTMLElement;
  if (event.altKey || event.ctrlKey || event.metaKey || target.matches('input, select, textarea'))
    return;
  const here = target.closest<HTMLElement>('li');
  const main = here?.closest('main');
  if (!here || !main || target.closest('[role=menu]')) return;
  const rows = [...main.querySelectorAll<HTMLElement>('ul > li')].filter((row) => stopOf(row));
  const at = rows.indexOf(here);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  focusRow(rows[Math.min(Math.max(next, 0), rows.length - 1)]);
}

/** Puts the focus on a row's main action. */
export function focusRow(row: HTMLElement | undefined): void {
  const stop = row && stopOf(row);
  stop?.focus();
  row?.scrollIntoView?.({ block: 'nearest' });
}

function stopOf(row: HTMLElement): HTMLElement | null {
  return row.querySelector<HTMLElement>(STOPS);
}
