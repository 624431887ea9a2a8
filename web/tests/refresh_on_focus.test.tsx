import { cleanup, render } from '@testing-library/preact';
import { afterEach, expect, test, vi } from 'vitest';
import { useRefreshOnFocus } from '../src/parts/refresh_on_focus.ts';

afterEach(cleanup);

function Reading({ read }: { read: () => Promise<unknown> }) {
  useRefreshOnFocus(read);
  return null;
}

const settle = (): Promise<void> => new Promise((resume) => setTimeout(resume));

test('who comes back to the window, or to its tab, has it read again', async () => {
  const read = vi.fn(() => Promise.resolve());
  render(<Reading read={read} />);

  dispatchEvent(new Event('focus'));
  await settle();
  document.dispatchEvent(new Event('visibilitychange'));
  await settle();

  expect(read).toHaveBeenCalledTimes(2);
});

test('a tab that is shown and gets the focus is read again once', async () => {
  const read = vi.fn(() => Promise.resolve());
  render(<Reading read={read} />);

  document.dispatchEvent(new Event('visibilitychange'));
  dispatchEvent(new Event('focus'));
  await settle();

  expect(read).toHaveBeenCalledTimes(1);
});

test('a tab that is hidden, or was left, reads nothing', async () => {
  const read = vi.fn(() => Promise.resolve());
  const { unmount } = render(<Reading read={read} />);
  const state = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');

  document.dispatchEvent(new Event('visibilitychange'));
  state.mockReturnValue('visible');
  unmount();
  await settle();
  dispatchEvent(new Event('focus'));

  expect(read).not.toHaveBeenCalled();
});

test('what could not be read is read the next time', async () => {
  const read = vi.fn(() => Promise.resolve());
  read.mockRejectedValueOnce(new Error('offline'));
  render(<Reading read={read} />);

  dispatchEvent(new Event('focus'));
  await settle();
  dispatchEvent(new Event('focus'));
  await settle();

  expect(read).toHaveBeenCalledTimes(2);
});
