import { expect, test } from 'vitest';
import { passwordRules } from '../src/account/password_rules.ts';

/** What a password still lacks. */
function missing(password: string): string[] {
  return passwordRules(password)
    .filter(({ isMet }) => !isMet)
    .map(({ text }) => text);
}

test('nothing is checked off before anything is typed', () => {
  expect(missing('')).toEqual(passwordRules('').map(({ text }) => text));
});

test.each([
  ['Aa1-56789012', []],
  ['Aa1 56789012', ['No spaces']],
  ['Correct horse battery 9', ['No spaces']],
  ['Aa1\t56789012', ['No spaces']],
  ['Aa1\u00a056789012', ['No spaces']],
  ['Aa1-5678901', ['At least 12 characters']],
  ['aa1-56789012', ['An upper-case letter (A–Z)']],
  ['AA1-56789012', ['A lower-case letter (a–z)']],
  ['Aab-efghijkl', ['A digit (0–9)']],
  [' Aa1-56789012', ['No spaces']],
  ['Aa1-56789012 ', ['No spaces']],
  ['ÄÖÜ-56789012a', ['An upper-case letter (A–Z)']],
  ['Aa-٣٤٥٦٧٨٩٠١٢', ['A digit (0–9)']],
  ['Aa1😀😀😀😀', ['At least 12 characters']],
  ['x', ['At least 12 characters', 'An upper-case letter (A–Z)', 'A digit (0–9)']],
])('%j still lacks %j', (password, lacks) => {
  expect(missing(password)).toEqual(lacks);
});
