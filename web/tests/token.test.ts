import { expect, test } from 'vitest';
import { takeToken } from '../src/engineer/token.ts';

test.each([
  ['a'.repeat(32), 'a'.repeat(32)],
  ['', null],
  ['null', null],
  ['ß'.repeat(32), null], // no header can hold it
  [`${'a'.repeat(32)}\n`, null],
])('of what the tab keeps only a token is one (%o)', (kept, token) => {
  sessionStorage.setItem('orders.engineer-token', kept);

  expect(takeToken()).toBe(token);
});
