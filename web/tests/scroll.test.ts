import { beforeEach, expect, test, vi } from 'vitest';
import { comeBack, rememberScroll, scrollToBeginning } from '../src/parts/scroll.ts';

const scrolled = vi.fn();
rememberScroll();

beforeEach(() => {
  vi.stubGlobal('scrollTo', scrolled);
  scrolled.mockClear();
});

function scrollAt(path: string, top: number): void {
  history.pushState(null, '', path);
  vi.stubGlobal('scrollY', top);
  dispatchEvent(new Event('scroll'));
}

test('a page that one comes back to begins where it was left, though another was scrolled since', () => {
  scrollAt('/orders', 1200);
  scrollAt('/orders/1', 30);
  history.pushState(null, '', '/orders');

  dispatchEvent(new PopStateEvent('popstate'));
  scrollAt('/orders', 30); // the browser's own, before the page is drawn
  scrollToBeginning();

  expect(scrolled.mock.calls).toEqual([[0, 1200]]);
});

test('the same by a link that leads back', () => {
  scrollAt('/orders', 700);
  history.pushState(null, '', '/orders/1');

  comeBack('/orders');
  history.pushState(null, '', '/orders');
  scrollToBeginning();

  expect(scrolled.mock.calls).toEqual([[0, 700]]);
});

test('a page that is opened anew begins at its top', () => {
  scrollAt('/orders', 700);
  scrollAt('/', 0);

  history.pushState(null, '', '/orders');
  scrollToBeginning();

  expect(scrolled.mock.calls).toEqual([[0, 0]]);
});

test('coming back within a page says nothing of the next one', () => {
  scrollAt('/orders', 700);
  scrollAt('/', 40);
  dispatchEvent(new PopStateEvent('popstate')); // from #basket

  history.pushState(null, '', '/orders');
  scrollToBeginning();

  expect(scrolled.mock.calls).toEqual([[0, 0]]);
});
