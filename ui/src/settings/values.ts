// What people type, as values of the settings.

/** `15, 5` as numbers; what is wrong with it as words. */
export function minutes(text: string): number[] | string {
  const parts = text.split(/[\s,;]+/).filter(Boolean);
  const numbers = parts.map(Number);
  if (numbers.some((number) => !Number.isInteger(number) || number < 1 || number > 720))
    return 'Minutes are whole numbers from 1 to 720, for example 15, 5.';
  if (numbers.length > 8) return 'At most 8 times.';
  return numbers;
}

/** One whole number within limits; what is wrong with it as words. */
export function whole(text: string, least: number, most: number): number | string {
  const number = Number(text);
  if (!text || !Number.isInteger(number) || number < least || number > most)
    return `A whole number from ${least} to ${most}.`;
  return number;
}

/** Lifetimes to choose from, in seconds, with the one that is set. */
export function lifetimes(set: number): number[] {
  const common = [1, 4, 8, 12, 24, 36].map((hours) => hours * 3600);
  return [...new Set([...common, set])].sort((a, b) => a - b);
}
