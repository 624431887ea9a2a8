import { expect, test, vi } from 'vitest';
import type { Execute } from '../src/api/client.ts';
import { createMenus } from '../src/orders/menus.ts';

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
