import type { ComponentChildren } from 'preact';
import { MessageNotice } from '../parts/notice.tsx';
import type { Action } from '../parts/action.ts';
import { BusyButton } from '../parts/waiting.tsx';

interface Props {
  readonly action: Action;
  readonly submit: string;
  readonly onSubmit: () => Promise<void>;
  readonly children: ComponentChildren;
}

/** A form with one button, which says what became of it. */
export function Form({ action, submit, onSubmit, children }: Props) {
  return (
    <form
      class="card"
      onSubmit={(event) => {
        event.preventDefault();
        action.act(onSubmit);
      }}
    >
      {children}
      <MessageNotice message={action.message} />
      <BusyButton type="submit" isBusy={action.isBusy}>
        {submit}
      </BusyButton>
    </form>
  );
}
