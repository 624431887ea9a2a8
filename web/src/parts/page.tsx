import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

// The first page is where the browser put the focus; each later one begins at its heading.
let isFirst = true;

/** A page with its title; a screen reader hears the heading when the page changes. */
export function Page({ title, intro, children }: { title: string; intro?: string; children: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!isFirst) {
      heading.current?.focus({ preventScroll: true });
      scrollTo(0, 0);
    }
    isFirst = false;
  }, []);
  useEffect(() => {
    document.title = `${title} · Order desk`;
  }, [title]);
  return (
    <>
      <hgroup class="page-head">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {intro && <p>{intro}</p>}
      </hgroup>
      {children}
    </>
  );
}
