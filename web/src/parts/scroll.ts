interface Place {
  readonly path: string;
  readonly top: number;
}

/** How far each page is scrolled, by its path. */
const tops = new Map<string, number>();
let comingBackTo: Place | null = null;

/** Remember how far pages are scrolled; the browser by itself would scroll before they are drawn. */
export function rememberScroll(): void {
  history.scrollRestoration = 'manual';
  addEventListener('scroll', () => tops.set(location.pathname, scrollY), { passive: true });
  addEventListener('popstate', () => comeBack(location.pathname));
}

/** The customer comes back to a page, which then begins where it was left. */
export function comeBack(path: string): void {
  // As it is now: it is scrolled again before it is drawn.
  comingBackTo = { path, top: tops.get(path) ?? 0 };
}

/** Scroll the page that has just been drawn: for who comes back to where it was left, else to its top. */
export function scrollToBeginning(): void {
  const top = comingBackTo?.path === location.pathname ? comingBackTo.top : 0;
  comingBackTo = null;
  scrollTo(0, top);
}
