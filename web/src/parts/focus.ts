import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/**
 * Give the focus back to `opener`, or to the page's heading where that is gone: on the body, who uses
 * a keyboard or listens begins anew at the top. What has got the focus meanwhile keeps it.
 */
export function returnFocus(opener: Element | null): void {
  // What is taken out of the page with the caller is still there now.
  queueMicrotask(() => {
    const { activeElement, body } = document;
    if (activeElement === null || activeElement === body) {
      [opener, document.querySelector('#main h1'), document.getElementById('main')].some(takesFocus);
    }
  });
}

function takesFocus(element: Element | null): boolean {
  if (!(element instanceof HTMLElement) || element === document.body) {
    return false;
  }
  element.focus({ preventScroll: true });
  return document.activeElement === element;
}

/**
 * The ref of a control, or of what has controls in it. If it goes while it has the focus, `pass` gives
 * that on: to the page's heading, unless told otherwise.
 */
export function useFocusPassedOn<T extends HTMLElement>(pass = (): void => returnFocus(null)): RefObject<T | null> {
  const held = useRef<T>(null);
  // A layout effect is undone while the element is still in the page, and so still has the focus.
  useLayoutEffect(() => {
    const element = held.current;
    return () => {
      if (element?.contains(document.activeElement)) {
        pass();
      }
    };
    // Where it goes is known from the beginning.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  return held;
}
