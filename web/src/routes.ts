/** The addresses of the page's parts; `:id` stands for one order's id. */
export const ROUTES = {
  menu: '/',
  orders: '/orders',
  order: '/orders/:id',
  signIn: '/sign-in',
  engineer: '/engineer',
} as const;

/** The address of an order's page. */
export function orderPath(id: string): string {
  return ROUTES.order.replace(':id', id);
}

/** Make a path readable that isn't, whoever made it: it is the address of nothing, and the router would fail on it. */
export function repairPath(): void {
  try {
    decodeURIComponent(location.pathname);
  } catch {
    history.replaceState(history.state, '', location.pathname.replaceAll('%', '%25') + location.search + location.hash);
  }
}

/**
 * Return where to go on after signing in: `then` if it is the address of a part of this page, else the
 * menu. Anyone may have made the address that `then` comes from, so it is read as a browser reads it.
 */
export function placeToGo(then: string | undefined, { engineer }: { engineer: boolean }): string {
  if (then === undefined || !URL.canParse(then, location.origin)) {
    return ROUTES.menu;
  }
  const url = new URL(then, location.origin);
  const places = [ROUTES.menu, ROUTES.orders, ROUTES.order, ...(engineer ? [ROUTES.engineer] : [])];
  const isOwn = url.origin === location.origin && places.some((place) => isAt(place, url.pathname));
  return isOwn ? url.pathname + url.search + url.hash : ROUTES.menu;
}

function isAt(place: string, path: string): boolean {
  return new RegExp(`^${place.replace(/\/$/, '').replace(':id', '[\\w-]+')}/?$`).test(path);
}
