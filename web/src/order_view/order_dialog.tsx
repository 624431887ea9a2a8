import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Order } from '../api/documents.ts';
import { Refused, sentence } from '../api/errors.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Notice } from '../parts/notice.tsx';

interface Props {
  readonly title: string;
  readonly order: Order;
  readonly isBusy: boolean;
  readonly onClose: () => void;
  readonly children: (close: () => void) => ComponentChildren;
}

/** A dialog about an order that may change meanwhile: on another device, or because its time is over. */
export function OrderDialog({ title, order, isBusy, onClose, children }: Props) {
  const [opened] = useState(order);
  // While something is being done here, news of the order may be just that.
  const isOther = !isBusy && order.version !== opened.version;
  return (
    <Dialog title={title} isBusy={isBusy} onClose={onClose}>
      {(close) =>
        isOther && order.status !== 'PENDING' ? (
          <Settled order={order} onClose={close} />
        ) : (
          <>
            {isOther && (
              <Notice>
                <p>
                  This order has changed meanwhile: it is {order.quantity} × {order.name} now.
                </p>
              </Notice>
            )}
            {children(close)}
          </>
        )
      }
    </Dialog>
  );
}

function Settled({ order, onClose }: { order: Order; onClose: () => void }) {
  const close = useRef<HTMLButtonElement>(null);
  // The button that had the focus may have gone.
  useEffect(() => close.current?.focus(), []);
  const text =
    order.status === 'CANCELLED'
      ? 'This order has been cancelled meanwhile.'
      : sentence(new Refused('OrderNotChangeable', order.status));
  return (
    <>
      <Notice>
        <p>{text}</p>
      </Notice>
      <footer>
        <button ref={close} type="button" onClick={onClose}>
          Close
        </button>
      </footer>
    </>
  );
}
