import { cleanup, render } from '@testing-library/preact';
import { afterEach, expect, test } from 'vitest';
import type { OrderStatus } from '../src/api/documents.ts';
import { stepsOf } from '../src/order_view/timeline_steps.ts';
import { StatusBadge } from '../src/parts/status.tsx';

const STATUSES: readonly OrderStatus[] = ['PENDING', 'PAYING', 'PAID', 'FAILED', 'CANCELLED'];

afterEach(cleanup);

test('each status has a word, an icon and a colour of its own', () => {
  const badges = STATUSES.map((status) => render(<StatusBadge status={status} />).container.firstElementChild);

  expect(new Set(badges.map((badge) => badge?.textContent)).size).toBe(STATUSES.length);
  expect(new Set(badges.map((badge) => badge?.querySelector('path')?.getAttribute('d'))).size).toBe(STATUSES.length);
  expect(new Set(badges.map((badge) => badge?.className)).size).toBe(STATUSES.length);
});

test('a cancelled order ends in another way than one that is placed, paid or failed', () => {
  const ends = STATUSES.map((status) => stepsOf({ status }, {}).find((step) => step.status === status)?.state);

  expect(ends).toEqual(['current', 'current', 'done', 'failed', 'cancelled']);
});
