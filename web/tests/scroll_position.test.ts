import { beforeEach, expect, test, vi } from 'vitest';

type Scroll = typeof import('../src/parts/scroll_position.ts');

const ROW_HEIGHT = 100;
const scrolled = vi.fn();
let scroll: Scroll;
/** How tall the page is in this browser, which draws nothing. */
let height = 100_000;

beforeEach(async () => {
  sessionStorage.clear();
  document.body.replaceChildren();
  height = 100_000;
  vi.spyOn(document.documentElement, 'scrollHeight', 'get').mockImplementation(() => height);
  vi.stubGlobal('scrollY', 0);
  vi.stubGlobal('scrollTo', (_: number, top: number) => {
    scrolled(top);
    vi.stubGlobal('scrollY', top);
  });
  scrolled.mockClear();
  history.replaceState(null, '', '/');
  await load();
});

/** Load the page's script: for the first time, or anew as a reload does. */
async function load(opening = 'navigate'): Promise<void> {
  dispatchEvent(new Event('pagehide'));
  vi.resetModules();
  vi.spyOn(performance, 'getEntriesByType').mockReturnValue([{ type: opening }] as unknown as PerformanceEntryList);
  scroll = await import('../src/parts/scroll_position.ts');
  scroll.rememberScroll();
}

/** Draw a page whose list has these orders. */
function draw(ids: readonly string[] = [], { isWhole = true } = {}): void {
  const list = ids.map((id, place) => {
    const row = document.createElement('a');
    row.dataset['order'] = id;
    row.getBoundingClientRect = () => new DOMRect(0, place * ROW_HEIGHT - scrollY, 300, ROW_HEIGHT);
    return row;
  });
  document.body.replaceChildren(...list);
  scroll.goToPlace(isWhole);
}

/** Open a page by a link. */
function visit(path: string, ids: readonly string[] = []): void {
  history.pushState(null, '', path);
  scroll.beginPage();
  draw(ids);
}

/** Press Back, or Forward, to a page of which nothing is there yet. */
function goBackTo(path: string): void {
  history.pushState(null, '', path);
  dispatchEvent(new PopStateEvent('popstate'));
  document.body.replaceChildren();
  scroll.beginPage();
}

function scrollDownTo(top: number): void {
  vi.stubGlobal('scrollY', top);
  dispatchEvent(new Event('scroll'));
}

const ids = (newest: number, count: number): string[] => Array.from({ length: count }, (_, n) => `order-${newest - n}`);

test('a page that one comes back to begins where it was left, though another was scrolled since', () => {
  visit('/orders');
  scrollDownTo(1200);
  visit('/orders/1');
  scrollDownTo(30);

  goBackTo('/orders');
  draw();

  expect(scrollY).toBe(1200);
});

test('the same by a link that leads back', () => {
  visit('/orders');
  scrollDownTo(700);
  visit('/orders/1');

  scroll.comeBack('/orders');
  visit('/orders');

  expect(scrollY).toBe(700);
});

test('what the browser scrolls by itself before a page is drawn is no place on it', () => {
  visit('/orders');
  scrollDownTo(1200);
  visit('/orders/1');
  scrollDownTo(30);
  history.pushState(null, '', '/orders');

  dispatchEvent(new PopStateEvent('popstate'));
  scrollDownTo(20);
  scroll.beginPage();
  draw();

  expect(scrollY).toBe(1200);
});

test('a page that is opened anew begins at its top, and is come back to there', () => {
  visit('/orders');
  scrollDownTo(700);
  visit('/');

  visit('/orders');
  expect(scrollY).toBe(0);
  visit('/');
  goBackTo('/orders');
  draw();

  expect(scrollY).toBe(0);
});

test('coming back within a page says nothing of the next one', () => {
  visit('/orders');
  scrollDownTo(700);
  visit('/');
  scrollDownTo(40);
  dispatchEvent(new PopStateEvent('popstate')); // from #basket
  scrollDownTo(90);

  visit('/orders');
  expect(scrollY).toBe(0);
  goBackTo('/');
  draw();

  expect(scrollY).toBe(90);
});

test('a reload forgets no place, and comes back to the page that is reloaded', async () => {
  visit('/orders', ids(150, 150));
  scrollDownTo(9030);
  visit('/orders/1');
  scrollDownTo(60);

  await load('reload');
  scroll.beginPage();
  expect(scroll.lastShown()).toBeNull();
  draw();
  expect(scrollY).toBe(60);
  goBackTo('/orders');
  expect(scroll.lastShown()).toBe('order-1');
  draw(ids(150, 150));

  expect(scrollY).toBe(9030);
});

test('a page that is opened by its address begins at its top', async () => {
  visit('/orders', ids(150, 150));
  scrollDownTo(9030);

  await load('navigate');
  scroll.beginPage();
  expect(scroll.lastShown()).toBeNull();
  draw(ids(150, 150));

  expect(scrolled).toHaveBeenLastCalledWith(0);
});

test('who comes back sees the order that was there, whatever came in above it or went', () => {
  visit('/orders', ids(150, 150));
  scrollDownTo(9030); // 30 of order 60 are out of sight
  visit('/orders/1');
  goBackTo('/orders');

  draw(ids(153, 153));
  expect(scrollY).toBe(9330);
  visit('/orders/1');
  goBackTo('/orders');
  draw(ids(153, 153).filter((id) => id !== 'order-61'));
  expect(scrollY).toBe(9230);
  visit('/orders/1');
  goBackTo('/orders');
  draw(ids(153, 153).filter((id) => id !== 'order-60'));

  expect(scrollY).toBe(9230);
});

test('who was at the top sees what came in there', () => {
  visit('/orders', ids(50, 50));
  visit('/orders/1');

  goBackTo('/orders');
  draw(ids(53, 53));

  expect(scrollY).toBe(0);
});

test('a page that is read in parts is scrolled once, as soon as its place is there', () => {
  visit('/orders', ids(150, 150));
  scrollDownTo(9030);
  visit('/orders/1');
  goBackTo('/orders');
  scrolled.mockClear();

  draw([], { isWhole: false });
  draw(ids(151, 50), { isWhole: false });
  height = 9000;
  draw(ids(151, 100), { isWhole: false });
  expect(scrolled).not.toHaveBeenCalled();
  height = 15_000;
  draw(ids(151, 150), { isWhole: false });
  draw(ids(151, 151), { isWhole: true });

  expect(scrolled.mock.calls).toEqual([[9130]]);
});

test('who is still on the way to a place is so after another reload', async () => {
  visit('/orders', ids(150, 150));
  scrollDownTo(9030);
  await load('reload');
  scroll.beginPage();
  draw(ids(150, 50), { isWhole: false });
  scrollDownTo(10);

  await load('reload');
  scroll.beginPage();
  draw(ids(150, 150));

  expect(scrollY).toBe(9030);
});

test('who signs out leaves no place', async () => {
  visit('/orders', ids(150, 150));
  scrollDownTo(9030);

  scroll.forgetPlaces();

  expect(sessionStorage.length).toBe(0);
  await load('reload');
  scroll.beginPage();
  expect(scroll.lastShown()).toBeNull();
});

const GOOD = ['/orders', { top: 700, row: null, last: 'order-1' }];

test.each([
  '',
  '{',
  'null',
  '7',
  '{}',
  '"/orders"',
  ...[null, 7, '/orders', [], ['/orders'], ['/orders', null], [7, GOOD[1]], ['/orders', []]].map((one) =>
    JSON.stringify([one]),
  ),
  ...[{ top: '700' }, { top: null }, { row: 7 }, { row: { id: 'order-1' } }, { row: undefined }, { last: 7 }].map(
    (change) => JSON.stringify([['/orders', { ...(GOOD[1] as object), ...change }]]),
  ),
])('a place that is none is left out: %s', async (text) => {
  await load();
  sessionStorage.setItem('orders.places', text);
  vi.resetModules();
  scroll = await import('../src/parts/scroll_position.ts');
  scroll.rememberScroll();

  goBackTo('/orders');
  draw();

  expect(scroll.lastShown()).toBeNull();
  expect(scrollY).toBe(0);
});

test('a place that is none takes no other with it', async () => {
  sessionStorage.setItem('orders.places', JSON.stringify([null, GOOD, ['/', {}]]));
  vi.resetModules();
  scroll = await import('../src/parts/scroll_position.ts');
  scroll.rememberScroll();

  goBackTo('/orders');
  draw();

  expect(scrollY).toBe(700);
});
