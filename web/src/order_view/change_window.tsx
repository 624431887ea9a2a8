import { useState } from 'preact/hooks';
import type { Order } from '../api/documents.ts';
import { useDesk } from '../desk.ts';
import { Countdown, useTimeLeft } from '../parts/countdown.tsx';
import { useFocusPassedOn } from '../parts/focus.ts';
import { CancelDialog } from './cancel_dialog.tsx';
import { ChangeDialog } from './change_dialog.tsx';

type Action = 'change' | 'cancel';

/** While an order can be changed: for how long yet, and the two things to do. */
export function ChangeWindow({ order }: { order: Order }) {
  const { changeWindowSeconds, hears, orders } = useDesk();
  const [opened, setOpened] = useState<Action | null>(null);
  const leftMs = useTimeLeft(order.status === 'PENDING' ? order.changeableUntil : null);
  const open = (action: Action): void => {
    setOpened(action);
    // It may have been changed on another device: the dialog says so before that is overwritten.
    if (!hears.value) {
      orders.read(order.id).catch(() => {}); // doing it says so
    }
  };
  const close = (): void => setOpened(null);
  return (
    <>
      {leftMs > 0 && (
        <>
          <Countdown leftMs={leftMs} wholeMs={changeWindowSeconds.value * 1000} />
          <Actions onChoose={open} />
        </>
      )}
      {/* Open dialogs outlive the window: what was typed isn't taken away, the server's answer says that it is too late. */}
      {opened === 'change' && <ChangeDialog order={order} onClose={close} />}
      {opened === 'cancel' && <CancelDialog order={order} onClose={close} />}
    </>
  );
}

function Actions({ onChoose }: { onChoose: (action: Action) => void }) {
  const actions = useFocusPassedOn<HTMLDivElement>();
  return (
    <div ref={actions} class="actions">
      <button type="button" class="outline" onClick={() => onChoose('change')}>
        Change
      </button>
      <button type="button" class="secondary outline" onClick={() => onChoose('cancel')}>
        Cancel order
      </button>
    </div>
  );
}
