import { beforeEach, expect, test } from 'vitest';
import { placeToGo, repairPath, ROUTES } from '../src/routes.ts';

const HERE = 'http://127.0.0.1:4566';

beforeEach(() => {
  (globalThis as unknown as { happyDOM: { setURL(url: string): void } }).happyDOM.setURL(`${HERE}/sign-in`);
});

/** Where signing in leads when this stands in the address behind `then=`. */
function placeOf(written: string, engineer = true): string {
  const then = new URL(`${HERE}/sign-in?then=${written}`).searchParams.get('then');
  return placeToGo(then ?? undefined, { engineer });
}

test.each([
  '//evil.com',
  '///evil.com',
  '////evil.com/orders',
  '/\\evil.com',
  '\\\\evil.com',
  '\\/evil.com/orders',
  '/%09/evil.com',
  '/%0a/evil.com',
  '/%0D%0A/evil.com',
  '%09//evil.com',
  '%20//evil.com',
  '%00//evil.com',
  '/%5Cevil.com',
  '%2F%2Fevil.com',
  '/%2Fevil.com/orders',
  '/%252Fevil.com',
  '/.//evil.com',
  '/..//evil.com',
  '/./%09/evil.com',
  '/orders//evil.com',
  '/orders/..//evil.com',
  '//orders',
  '/.//orders',
  '//',
  './/',
  './/?orders',
  '..//%23orders',
  '/orders//',
  'https://evil.com/orders',
  'https:evil.com',
  'https:/evil.com',
  'http:evil.com/orders',
  'https:%0a//evil.com/orders',
  'http://127.0.0.1:4566.evil.com/orders',
  'http://127.0.0.1:4567/orders',
  'https://127.0.0.1:4566/orders',
  'http://localhost:4566/orders',
  'http://127.0.0.1:4566@evil.com/orders',
  'http://',
  'http://[',
  'javascript:alert(1)',
  'javascript://127.0.0.1:4566/%250aalert(1)',
  'JaVa%09Script:alert(1)',
  'java%0ascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:x',
  'file:///etc/passwd',
  'blob:http://127.0.0.1:4566/orders',
  'about:blank',
  'filesystem:http://127.0.0.1:4566/orders',
  '/sign-in',
  '/sign-in/',
  '/sign-in?then=/orders',
  '/sign-in?then=/sign-in%3Fthen=/orders',
  '/orders/../sign-in',
  '/orders/%252e%252e/sign-in',
  '/orders/%2e%2e/sign-in',
  '/./sign-in',
  'sign-in',
  '/nowhere',
  '/assets/app.js',
  '/config.json',
  '/_local/mailbox',
  '/ORDERS',
  '/orders/a/b',
  '/orders/%25E0%25A4%25A',
  '/orders/a%2520b',
  '/orders/%252F%252Fevil.com',
  '',
])('an address that isn’t the page’s own leads to the menu: %j', (written) => {
  expect(placeOf(written)).toBe('/');
});

test.each([
  ['/', '/'],
  ['/orders', '/orders'],
  ['/orders/', '/orders/'],
  ['/orders/01M858AZBJ4HD51KQJXBAX0CNF', '/orders/01M858AZBJ4HD51KQJXBAX0CNF'],
  ['/orders?status=PAID%26page=2', '/orders?status=PAID&page=2'],
  ['/orders/01M8%23main', '/orders/01M8#main'],
  ['/?dish=Pizza%2520Margherita%23menu', '/?dish=Pizza%20Margherita#menu'],
  ['/orders?next=//evil.com', '/orders?next=//evil.com'],
  ['/engineer', '/engineer'],
  [`${HERE}/orders`, '/orders'],
  [`//127.0.0.1:4566/orders`, '/orders'],
  [`http://user:secret@127.0.0.1:4566/orders`, '/orders'],
  ['/sign-in/../orders', '/orders'],
])('an address of the page’s own is gone on to, with query and part: %j', (written, place) => {
  expect(placeOf(written)).toBe(place);
});

test('without an address to go on to it is the menu', () => {
  expect(placeToGo(undefined, { engineer: true })).toBe(ROUTES.menu);
});

test('the engineer’s view is a place only where there is one', () => {
  expect(placeOf('/engineer', false)).toBe('/');
});

test('where it leads is always on this page, however it is put together', () => {
  const parts = [
    '/',
    '//',
    '\\',
    '%09',
    '%0a',
    '.',
    '..',
    ':',
    '@',
    'http:',
    'javascript:',
    'evil.com',
    'orders',
    '?',
    '%23',
  ];
  const written = parts.flatMap((one) => parts.flatMap((two) => parts.map((three) => one + two + three + 'orders')));

  const origins = new Set(written.map((one) => new URL(placeOf(one), HERE).origin));

  expect(origins).toEqual(new Set([HERE]));
});

test.each([
  ['/orders/%E0%A4%A', '/orders/%25E0%25A4%25A'],
  ['/%', '/%25'],
  ['/orders/%ZZ?x=1#y', '/orders/%25ZZ?x=1#y'],
  ['/orders/%C3%A9?x=%', '/orders/%C3%A9?x=%'],
  ['/orders', '/orders'],
  ['//', '/'],
  ['//orders?x=1#y', '/orders?x=1#y'],
  ['///evil.com/orders', '/evil.com/orders'],
  ['//%', '/%25'],
])('the path of %s is one that the router can read', (written, repaired) => {
  history.replaceState(null, '', HERE + written);

  repairPath();

  expect(location.href).toBe(HERE + repaired);
});
