import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Order, OrderStatus } from '../api/documents.ts';
import { Refused, sentence } from '../api/errors.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Notice } from '../parts/notice.tsx';
import { DishCount } from '../parts/dish_count.tsx';

interface Props {
  readonly title: string;
  readonly order: Order;
  readonly isBusy: boolean;
  /** Why what was done here failed. */
  readonly error: unknown;
  readonly onClose: () => void;
  readonly children: (close: () => void) => ComponentChildren;
}

/** A dialog about an order that may change meanwhile: on another device, or because its time is over. */
export function OrderDialog({ title, order, isBusy, error, onClose, children }: Props) {
  const [opened] = useState(order);
  // While something is being done here, news of the order may be just that.
  const isOther = !isBusy && order.version !== opened.version;
  const isRefused = error instanceof Refused && error.type === 'OrderNotChangeable';
  const isSettled = isRefused || (isOther && order.status !== 'PENDING');
  return (
    <Dialog title={isSettled ? SETTLED_TITLES[order.status] : title} isBusy={isBusy} onClose={onClose}>
      {(close) =>
        isSettled ? (
          <Settled order={order} onClose={close} />
        ) : (
          <>
            {isOther && (
              <Notice>
                <p>
                  This order has changed meanwhile: it is <DishCount {...order} /> now.
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

const SETTLED_TITLES: Readonly<Record<OrderStatus, string>> = {
  PENDING: 'It is too late',
  PAYING: 'Its payment has begun',
  PAID: 'It is paid already',
  FAILED: 'Its payment failed',
  CANCELLED: 'It is cancelled already',
};
const SETTLED_TEXTS: Readonly<Record<OrderStatus, string>> = {
  PENDING: sentence(new Refused('OrderNotChangeable', 'PENDING')),
  PAYING: 'The payment of this order has begun meanwhile. It can’t be changed or cancelled any more.',
  PAID: 'This order has been paid meanwhile. It can’t be changed or cancelled any more.',
  FAILED: 'The payment of this order has failed meanwhile. Nothing was charged.',
  CANCELLED: 'This order has been cancelled meanwhile. Nothing was charged.',
};

/** There is nothing to be done about the order any more, so nothing is offered. */
function Settled({ order, onClose }: { order: Order; onClose: () => void }) {
  const close = useRef<HTMLButtonElement>(null);
  // The button that had the focus may have gone.
  useEffect(() => close.current?.focus(), []);
  return (
    <>
      <Notice>
        <p>{SETTLED_TEXTS[order.status]}</p>
      </Notice>
      <footer>
        <button ref={close} type="button" onClick={onClose}>
          Close
        </button>
      </footer>
    </>
  );
}
