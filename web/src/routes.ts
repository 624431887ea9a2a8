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

/**
 * Make a path readable that isn't, whoever made it: the router would fail on it. What begins with two slashes it would take
 * for the address of another server; what has a % that encodes nothing is the address of nothing.
 */
export function repairPath(): void {
  const path = location.pathname.replace(/^\/+/, '/');
  const repaired = decoded(path) === null ? path.replaceAll('%', '%25') : path;
  if (repaired !== location.pathname) {
    history.replaceState(history.state, '', repaired + location.search + location.hash);
  }
}

// The result is used because the build drops a call of decodeURIComponent that is only there to throw.
function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
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
