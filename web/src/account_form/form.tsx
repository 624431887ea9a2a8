import type { ComponentChildren } from 'preact';
import { Notice } from '../parts/notice.tsx';
import type { Acting } from '../parts/acting.ts';

interface Props {
  readonly acting: Acting;
  readonly submit: string;
  readonly onSubmit: () => Promise<void>;
  readonly children: ComponentChildren;
}

/** A form with one button, which says what went wrong. */
export function Form({ acting, submit, onSubmit, children }: Props) {
  return (
    <form
      class="card"
      onSubmit={(event) => {
        event.preventDefault();
        acting.act(onSubmit);
      }}
    >
      {children}
      {acting.trouble && (
        <Notice>
          <p>{acting.trouble}</p>
        </Notice>
      )}
      <button type="submit" aria-busy={acting.isBusy}>
        {submit}
      </button>
    </form>
  );
}
