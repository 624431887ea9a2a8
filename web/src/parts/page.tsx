import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { beginPage, goToPlace } from './scroll_position.ts';

// The first page is where the browser put the focus; each later one begins at its heading.
let isFirst = true;

interface Props {
  readonly title: string;
  /** The title as it is shown, if it has more to it than text. */
  readonly heading?: ComponentChildren;
  readonly intro?: string;
  /** False as long as parts are missing that are being read. */
  readonly isWhole?: boolean;
  readonly children: ComponentChildren;
}

/** A page with its title; a screen reader hears the heading when the page changes. */
export function Page({ title, heading = title, intro, isWhole = true, children }: Props) {
  const h1 = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!isFirst) {
      h1.current?.focus({ preventScroll: true });
    }
    isFirst = false;
    beginPage();
  }, []);
  // Each time that it is drawn: what was missing may be there now.
  useEffect(() => goToPlace(isWhole));
  useEffect(() => {
    document.title = `${title} · Order desk`;
  }, [title]);
  return (
    <>
      <hgroup class="page-head">
        <h1 ref={h1} tabIndex={-1}>
          {heading}
        </h1>
        {intro && <p>{intro}</p>}
      </hgroup>
      {children}
    </>
  );
}
