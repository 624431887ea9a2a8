import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { NoAnswer, Unreadable } from '../src/api/errors.ts';
import { useAction } from '../src/parts/action.ts';
import { useLoading } from '../src/parts/loading.ts';

const OFFLINE = /^You seem to be offline/;
let onLine: boolean;

beforeEach(() => {
  onLine = true;
  vi.spyOn(navigator, 'onLine', 'get').mockImplementation(() => onLine);
});

afterEach(cleanup);

async function turn(now: 'online' | 'offline'): Promise<void> {
  onLine = now === 'online';
  await act(async () => {
    dispatchEvent(new Event(now));
    await Promise.resolve();
  });
}

function Loader({ load }: { load: () => Promise<unknown> }) {
  const { isLoading, trouble } = useLoading(load);
  return <p>{trouble ?? (isLoading ? 'loading' : 'loaded')}</p>;
}

function Actor({ what }: { what: () => Promise<void> }) {
  const { message, act: begin } = useAction();
  return <button onClick={() => begin(what)}>{message?.text ?? 'nothing wrong'}</button>;
}

test('what could not be loaded offline is loaded as soon as the browser is online', async () => {
  const load = vi.fn(() => (onLine ? Promise.resolve() : Promise.reject(new NoAnswer('Failed to fetch'))));
  await turn('offline');
  render(<Loader load={load} />);
  await screen.findByText(OFFLINE);

  await turn('online');

  await screen.findByText('loaded');
  expect(load).toHaveBeenCalledTimes(2);
});

test('what was asked for offline and gets no answer until the browser is online is asked for again', async () => {
  let lose: (error: Error) => void = () => {};
  const load = vi.fn((): Promise<unknown> => Promise.resolve());
  load.mockReturnValueOnce(new Promise((_, reject) => (lose = reject)));
  await turn('offline');
  render(<Loader load={load} />);
  await turn('online');
  expect(load).toHaveBeenCalledTimes(1);

  await act(() => {
    lose(new NoAnswer('timeout'));
    return Promise.resolve();
  });

  await screen.findByText('loaded');
});

test('what fails again waits for the next time', async () => {
  const load = vi.fn(() => Promise.reject(new NoAnswer('503')));
  render(<Loader load={load} />);
  await screen.findByText(/reach the server/);
  expect(load).toHaveBeenCalledTimes(1);

  await turn('online');
  await waitFor(() => expect(load).toHaveBeenCalledTimes(2));
  await screen.findByText(/reach the server/);

  expect(load).toHaveBeenCalledTimes(2);
});

test('what nobody can read is not asked for again', async () => {
  const load = vi.fn(() => Promise.reject(new Unreadable('no words for it')));
  render(<Loader load={load} />);
  await screen.findByText(/can’t be shown/);

  await turn('online');

  expect(load).toHaveBeenCalledTimes(1);
});

test('an action that failed offline is still said not to be done once the browser is online, and no longer why', async () => {
  const what = vi.fn(() => Promise.reject(new NoAnswer('Failed to fetch')));
  await turn('offline');
  render(<Actor what={what} />);
  fireEvent.click(screen.getByRole('button'));
  await screen.findByText(OFFLINE);

  await turn('online');

  await screen.findByText('There was no answer. Please try again.');
  expect(what).toHaveBeenCalledTimes(1);
});
