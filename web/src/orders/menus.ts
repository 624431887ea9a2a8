import { signal, type ReadonlySignal } from '@preact/signals';
import type { Execute } from '../api/client.ts';
import { Menu, Restaurants, type MenuItem, type Restaurant } from '../api/documents.ts';
import { readUntilAnswered } from '../api/lost_reads.ts';

/** Restaurants and their dishes, read when asked; what gets no answer is read as soon as there is one. */
export interface Menus {
  readonly restaurants: ReadonlySignal<readonly Restaurant[] | null>;
  readonly dishes: ReadonlySignal<ReadonlyMap<string, readonly MenuItem[]>>;
  readRestaurants(): Promise<void>;
  /** Read the restaurants unless they were read before: for whoever needs no more than their names. */
  needRestaurants(): Promise<void>;
  readDishes(restaurantId: string): Promise<void>;
  /** The restaurant's name, or its id while names aren't known. */
  nameOf(restaurantId: string): string;
}

export function createMenus(execute: Execute): Menus {
  const restaurants = signal<readonly Restaurant[] | null>(null);
  const dishes = signal<ReadonlyMap<string, readonly MenuItem[]>>(new Map());
  const readRestaurants = readUntilAnswered(async (): Promise<void> => {
    restaurants.value = (await execute(Restaurants, {})).restaurants;
  });
  return {
    restaurants,
    dishes,
    readRestaurants,
    async needRestaurants() {
      if (restaurants.value === null) {
        await readRestaurants();
      }
    },
    readDishes: readUntilAnswered(async (restaurantId: string) => {
      const { menu } = await execute(Menu, { restaurantId });
      dishes.value = new Map(dishes.value).set(restaurantId, menu);
    }),
    nameOf: (id) => restaurants.value?.find((restaurant) => restaurant.id === id)?.name ?? id,
  };
}
