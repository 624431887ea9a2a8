import { signal } from '@preact/signals';

/** False while the page is in a tab that isn't shown. */
export const isShown = signal(document.visibilityState !== 'hidden');

document.addEventListener('visibilitychange', () => {
  isShown.value = document.visibilityState !== 'hidden';
});

/** Call `act` each time that the customer comes back: the window gets the focus, or the tab is shown. Returns how to stop. */
export function onReturn(act: () => Promise<unknown>): () => void {
  let isBusy = false;
  const listen = (): void => {
    // Whoever comes back to a tab brings both events.
    if (isBusy || document.visibilityState === 'hidden') {
      return;
    }
    isBusy = true;
    // What can't be done now is done the next time.
    void act()
      .catch(() => {})
      .finally(() => (isBusy = false));
  };
  addEventListener('focus', listen);
  document.addEventListener('visibilitychange', listen);
  return () => {
    removeEventListener('focus', listen);
    document.removeEventListener('visibilitychange', listen);
  };
}
