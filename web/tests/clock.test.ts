import { expect, test, vi } from 'vitest';

test('what was learnt of the server’s clock outlives a reload', async () => {
  const now = Date.now();
  const before = await import('../src/orders/clock.ts');
  before.learnServerTime(new Date(now + 60_000).toISOString(), now, now);

  vi.resetModules();
  const reloaded = await import('../src/orders/clock.ts');

  expect(reloaded).not.toBe(before);
  expect(Math.round((reloaded.serverNow() - Date.now()) / 1000)).toBe(60);
});
