import { cleanup, render } from '@testing-library/preact';
import { afterEach, expect, test } from 'vitest';
import { Amount } from '../src/parts/amount.tsx';
import { orderOf } from './sample_orders.ts';

afterEach(cleanup);

test.each([
  ['CANCELLED', true],
  ['PENDING', false],
  ['PAYING', false],
  ['PAID', false],
  ['FAILED', false],
] as const)('the amount of an order that is %s is void: %s', (status, isVoid) => {
  const { container } = render(<Amount order={orderOf({ status })} />);

  expect(container.textContent).toBe('€19.00');
  expect(container.querySelector('.amount-void') !== null).toBe(isVoid);
});
