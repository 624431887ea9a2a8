import { signal, type ReadonlySignal } from '@preact/signals';
import type { Execute } from '../api/client.ts';
import { Menu, Restaurants, type MenuItem, type Restaurant } from '../api/documents.ts';

/** Restaurants and their dishes; read once, and again when asked. */
export interface Menus {
  readonly restaurants: ReadonlySignal<readonly Restaurant[] | null>;
  readonly dishes: ReadonlySignal<ReadonlyMap<string, readonly MenuItem[]>>;
  readRestaurants(): Promise<void>;
  readDishes(restaurantId: string): Promise<void>;
  /** The restaurant's name, or its id while names aren't known. */
  nameOf(restaurantId: string): string;
}

export function createMenus(execute: Execute): Menus {
  const restaurants = signal<readonly Restaurant[] | null>(null);
  const dishes = signal<ReadonlyMap<string, readonly MenuItem[]>>(new Map());
  return {
    restaurants,
    dishes,
    async readRestaurants() {
      restaurants.value = (await execute(Restaurants, {})).restaurants;
    },
    async readDishes(restaurantId) {
      const { menu } = await execute(Menu, { restaurantId });
      dishes.value = new Map(dishes.value).set(restaurantId, menu);
    },
    nameOf: (id) => restaurants.value?.find((restaurant) => restaurant.id === id)?.name ?? id,
  };
}
