import { isOpenedAnew } from '../navigation_type.ts';

/** Where a page was left. */
interface Place {
  readonly top: number;
  /** The first order that was seen, and how far below the window's top: others may come in above it. */
  readonly row: { readonly id: string; readonly offset: number } | null;
  /** The last order of the list: as many are to be there again. */
  readonly last: string | null;
}

const KEY = 'orders.places';

/** By the page's path. */
const places = new Map<string, Place>();
/** The path of the page that is drawn; the address may be the next one's already. */
let drawn: string | null = null;
let comingBackTo: (Place & { readonly path: string }) | null = null;

/** Remember in this tab where pages are left; the browser by itself would scroll before they are drawn. */
export function rememberScroll(): void {
  history.scrollRestoration = 'manual';
  stored(sessionStorage.getItem(KEY)).forEach(([path, place]) => places.set(path, place));
  addEventListener('scroll', notePlace, { passive: true });
  addEventListener('popstate', () => {
    // Within a page it is only another part of it, as #basket is.
    if (location.pathname !== drawn) comeBack(location.pathname);
  });
  // A reload, or a phone that needs the room, may end the page without another word.
  const store = (): void => sessionStorage.setItem(KEY, JSON.stringify([...places]));
  addEventListener('pagehide', store);
  addEventListener('visibilitychange', store);
  if (!isOpenedAnew()) {
    comeBack(location.pathname);
  }
}

/** The customer who was here has signed out. */
export function forgetPlaces(): void {
  places.clear();
  sessionStorage.removeItem(KEY);
}

/** The customer comes back to a page, which then begins where it was left. */
export function comeBack(path: string): void {
  const place = places.get(path);
  comingBackTo = place ? { ...place, path } : null;
}

/** The last order of the list that the customer comes back to; null for who just comes. */
export function lastShown(): string | null {
  return comingBackTo?.path === location.pathname ? comingBackTo.last : null;
}

/** Note where the page stands, unless it is still on its way to where it was left. */
export function notePlace(): void {
  if (drawn === location.pathname && comingBackTo === null) {
    places.set(drawn, here());
  }
}

/** A page has been drawn: it begins at its top, but for who comes back. */
export function beginPage(): void {
  drawn = location.pathname;
  if (comingBackTo?.path !== drawn) {
    comingBackTo = null;
    scrollTo(0, 0);
    notePlace();
  }
}

/** Scroll to where the page was left: as soon as that is there, at the latest when all of the page is. */
export function goToPlace(isWhole: boolean): void {
  if (comingBackTo?.path !== drawn) {
    return;
  }
  const { top, row } = comingBackTo;
  const found = rows().find(({ dataset }) => dataset['order'] === row?.id);
  const now = row && found ? scrollY + found.getBoundingClientRect().top - row.offset : top;
  const isThere = (found || !row) && now <= document.documentElement.scrollHeight - innerHeight;
  if (isThere || isWhole) {
    comingBackTo = null;
    scrollTo(0, now);
    notePlace();
  }
}

function rows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('[data-order]')];
}

function here(): Place {
  const all = rows();
  // Who is at the top wants to see what comes in there.
  const first = scrollY > 0 ? all.find((row) => row.getBoundingClientRect().bottom > 0) : undefined;
  return {
    top: scrollY,
    row: first ? { id: first.dataset['order'] ?? '', offset: first.getBoundingClientRect().top } : null,
    last: all.at(-1)?.dataset['order'] ?? null,
  };
}

/** The places in the text; what isn't one is left out. */
function stored(text: string | null): [string, Place][] {
  try {
    const found: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(found) ? found.filter(isEntry) : [];
  } catch {
    return [];
  }
}

function isEntry(found: unknown): found is [string, Place] {
  const [path, place] = (Array.isArray(found) ? found : []) as [unknown, Partial<Record<keyof Place, unknown>> | null];
  const { id, offset } = (place?.row ?? {}) as Record<string, unknown>;
  return (
    typeof path === 'string' &&
    Number.isFinite(place?.top) &&
    (place?.row === null || (typeof id === 'string' && Number.isFinite(offset))) &&
    (place?.last === null || typeof place?.last === 'string')
  );
}
