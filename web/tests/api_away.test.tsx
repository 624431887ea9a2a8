import { act, cleanup, fireEvent, screen } from '@testing-library/preact';
import { render } from 'preact';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { App } from '../src/app.tsx';
import type { Config } from '../src/config.ts';
import { createDesk } from '../src/desk.ts';
import { DISH } from './sample_orders.ts';
import { CONFIG } from './sample_config.ts';

/** Whether each server answers, by what its address ends with. */
let isAway: { api: boolean; config: boolean };
/** Whether a firewall refuses the configuration. */
let isRefused: boolean;
let config: Config;

/** A server that never lets anybody in. */
class ClosedSocket {
  onclose: (() => void) | null = null;

  constructor() {
    setTimeout(() => this.onclose?.(), 0);
  }

  close(): void {}
}

function answerOf(url: string): unknown {
  if (url === '/config.json') {
    return config;
  }
  if (url === CONFIG.cognitoUrl) {
    const claims = { sub: 'me', email: 'me@example.com', iat: 0, exp: 3600 };
    return { AuthenticationResult: { IdToken: `head.${btoa(JSON.stringify(claims))}.signature` } };
  }
  const restaurants = [{ id: DISH.restaurantId, name: 'Trattoria Roma' }];
  return { data: { restaurants, menu: [{ ...DISH, available: true }], orders: [] } };
}

beforeEach(() => {
  vi.useFakeTimers();
  isAway = { api: false, config: false };
  isRefused = false;
  config = CONFIG;
  sessionStorage.clear();
  document.body.innerHTML = '<div id="app"></div>';
  vi.stubGlobal('WebSocket', ClosedSocket);
  vi.spyOn(navigator, 'locks', 'get').mockReturnValue({
    request: (_: string, __: object, work: () => unknown) => work(),
  } as unknown as LockManager);
  vi.spyOn(globalThis, 'fetch').mockImplementation((url) => {
    const isGone = (isAway.api && url === CONFIG.graphqlUrl) || (isAway.config && url === '/config.json');
    if (isRefused && url === '/config.json') {
      return Promise.resolve(new Response('<h1>403 ERROR</h1>', { status: 403 }));
    }
    return isGone
      ? Promise.reject(new TypeError('Failed to fetch'))
      : Promise.resolve(Response.json(answerOf(url as string)));
  });
});

afterEach(() => {
  render(null, document.getElementById('app') as HTMLElement);
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Let so many seconds pass; at the end of each the page is drawn, and what that begins is begun. */
async function pass(seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    await act(async () => {
      await vi.advanceTimersByTimeAsync(1000);
    });
  }
}

const starts = (): number => vi.mocked(fetch).mock.calls.filter(([url]) => url === '/config.json').length;

test('a page that could not start starts once its server is back, and one that a firewall refused when asked to', async () => {
  history.replaceState(null, '', '/');
  isRefused = true;
  vi.mocked(fetch).mockClear();
  await import('../src/main.tsx');
  await pass(60);
  expect(screen.getByRole('alert').textContent).toContain('A firewall refused this');
  dispatchEvent(new Event('online'));
  await pass(60);
  expect(starts()).toBe(1);
  isRefused = false;
  isAway.config = true;
  config = { ...CONFIG, userPoolClientId: 'of another pool than the one where a tab is signed in' };
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  await pass(60);
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('The order desk can’t start');

  isAway.config = false;
  await pass(31);

  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Sign in');
});

test.each([
  ['the menu', '/', 'Margherita', true],
  ['the menu', '/', 'Margherita', false],
  ['the orders', '/orders', 'You haven’t ordered anything yet.', true],
  ['the orders', '/orders', 'You haven’t ordered anything yet.', false],
])(
  '%s, at %s, that could not be read without live updates is there once the API is back',
  async (_, path, there, liveUpdates) => {
    history.replaceState(null, '', path);
    sessionStorage.setItem('orders.refresh-token', `${CONFIG.userPoolId} ${CONFIG.userPoolClientId} kept`);
    config = { ...CONFIG, liveUpdates };
    const desk = createDesk(config, sessionStorage);
    isAway.api = true;
    await desk.session.resume();
    render(<App desk={desk} />, document.getElementById('app') as HTMLElement);
    await pass(60);
    expect(screen.getByRole('alert').textContent).toMatch(/can’t reach the server/);

    isAway.api = false;
    await pass(31);

    expect(screen.queryByRole('alert')).toBeNull();
    expect(screen.getByText(there)).toBeTruthy();
  },
);
