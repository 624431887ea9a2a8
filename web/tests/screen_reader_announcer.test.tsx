import { act, cleanup, render, screen } from '@testing-library/preact';
import { afterEach, expect, test } from 'vitest';
import type { Order } from '../src/api/documents.ts';
import { DeskContext, type Desk } from '../src/desk.ts';
import { Announcer } from '../src/parts/screen_reader_announcer.tsx';
import { answering, orderOf } from './sample_orders.ts';

afterEach(cleanup);

function listen() {
  const { orders } = answering();
  render(
    <DeskContext.Provider value={{ orders } as Desk}>
      <Announcer />
    </DeskContext.Provider>,
  );
  const region = screen.getByTestId('announcer');
  const learn = (order: Order) =>
    act(() => {
      orders.merge(order);
    });
  /** An order moves from being placed to being paid. */
  const pay = async (id: string) => {
    await learn(orderOf({ id }));
    await learn(orderOf({ id, status: 'PAID', version: 3 }));
  };
  return { orders, region, learn, pay };
}

test('a change of an order is said', async () => {
  const { region, pay } = listen();

  await pay('a');

  expect(region.textContent).toBe('2 × Margherita: Paid.');
});

test('the same words about another order are said again', async () => {
  const { region, pay } = listen();
  await pay('a');
  const first = region.firstElementChild;

  await pay('b');

  expect(region.textContent).toBe('2 × Margherita: Paid.');
  expect(region.firstElementChild).not.toBe(first);
});

test('after signing out nothing is left of what was said', async () => {
  const { orders, region, pay } = listen();
  await pay('a');

  await act(() => {
    orders.forget();
  });

  expect(region.textContent).toBe('');
});

test('an order that is seen for the first time is no change', async () => {
  const { region, learn } = listen();

  await learn(orderOf({ status: 'PAID', version: 3 }));

  expect(region.textContent).toBe('');
});
