// The digits of a code, however they come in.

/** Digits of a code. */
export const DIGITS = 6;

/** What is in a field, and where the caret stands. */
export interface Typed {
  code: string;
  caret: number;
}

/** What remains of a field's text after somebody typed into it. In a full field a digit replaces the one behind it. */
export function typed(text: string, caret: number): Typed {
  const digits = digitsOf(text);
  const before = digitsOf(text.slice(0, caret)).length;
  const surplus = digits.length - DIGITS;
  const code =
    surplus > 0 && before <= DIGITS
      ? digits.slice(0, before) + digits.slice(before + surplus)
      : digits.slice(0, DIGITS);
  return { code, caret: Math.min(before, DIGITS) };
}

/** The code in a text from the clipboard: the digits alone, or the six among other words. */
export function pasted(text: string): string | undefined {
  const bare = text.replace(/[\s\p{Pd}]/gu, '');
  if (/^\d{6}$/.test(bare)) return bare;
  const found = /(?<!\d)\d{3}[\s\p{Pd}]?\d{3}(?!\d)/u.exec(text);
  return found ? digitsOf(found[0]) : undefined;
}

function digitsOf(text: string): string {
  return text.replace(/\D/g, '');
}
