import { afterEach, expect, test, vi } from 'vitest';
import type { Execute } from '../src/api/client.ts';
import { NoAnswer } from '../src/api/errors.ts';
import { createMenus } from '../src/orders/menus.ts';
import { DISH } from './sample_orders.ts';

afterEach(() => vi.useRealTimers());

test('whoever needs the names of the restaurants only has them read once', async () => {
  const execute = vi.fn(() => Promise.resolve({ restaurants: [{ id: 'roma', name: 'Trattoria Roma' }] }));
  const menus = createMenus(execute as unknown as Execute);

  await menus.needRestaurants();
  await menus.needRestaurants();
  expect(execute).toHaveBeenCalledTimes(1);
  await menus.readRestaurants();

  expect(execute).toHaveBeenCalledTimes(2);
  expect(menus.nameOf('roma')).toBe('Trattoria Roma');
});

test('a menu, and the restaurants, that could not be read are there as soon as the API is back', async () => {
  vi.useFakeTimers();
  let isAway = true;
  const answer = { restaurants: [{ id: 'roma', name: 'Trattoria Roma' }], menu: [{ ...DISH, available: true }] };
  const execute = vi.fn(() => (isAway ? Promise.reject(new NoAnswer('503')) : Promise.resolve(answer)));
  const menus = createMenus(execute as unknown as Execute);
  // As when the customer comes back to the window: nobody waits for it.
  await Promise.allSettled([menus.readDishes('roma'), menus.readRestaurants()]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(menus.dishes.value.size).toBe(0);

  isAway = false;
  await vi.advanceTimersByTimeAsync(30_000);

  expect(menus.dishes.value.get('roma')).toEqual(answer.menu);
  expect(menus.restaurants.value).toEqual(answer.restaurants);
});
