import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { Order, OrderStatus } from '../api/documents.ts';
import { Refused, sentence } from '../api/errors.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Notice, type Message } from '../parts/notice.tsx';
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
    <Dialog title={isSettled ? ENDS[order.status].title : title} isBusy={isBusy} onClose={onClose}>
      {(close) =>
        isSettled ? (
          <Settled order={order} onClose={close} />
        ) : (
          <>
            {isOther && (
              <Notice kind="news">
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

interface End extends Message {
  readonly title: string;
}

/** An order that is paid or cancelled has ended as orders do; a payment that failed is trouble, and so is a refusal. */
const ENDS: Readonly<Record<OrderStatus, End>> = {
  PENDING: {
    kind: 'trouble',
    title: 'It is too late',
    text: sentence(new Refused('OrderNotChangeable', 'PENDING')),
  },
  PAYING: {
    kind: 'news',
    title: 'Its payment has begun',
    text: 'The payment of this order has begun meanwhile. It can’t be changed or cancelled any more.',
  },
  PAID: {
    kind: 'news',
    title: 'It is paid already',
    text: 'This order has been paid meanwhile. It can’t be changed or cancelled any more.',
  },
  FAILED: {
    kind: 'trouble',
    title: 'Its payment failed',
    text: 'The payment of this order has failed meanwhile. Nothing was charged.',
  },
  CANCELLED: {
    kind: 'news',
    title: 'It is cancelled already',
    text: 'This order has been cancelled meanwhile. Nothing was charged.',
  },
};

/** There is nothing to be done about the order any more, so nothing is offered. */
function Settled({ order, onClose }: { order: Order; onClose: () => void }) {
  const close = useRef<HTMLButtonElement>(null);
  const id = useId();
  const { kind, text } = ENDS[order.status];
  // The button that had the focus may have gone.
  useEffect(() => close.current?.focus(), []);
  return (
    <>
      <Notice id={id} kind={kind}>
        <p>{text}</p>
      </Notice>
      <footer>
        <button ref={close} type="button" aria-describedby={id} onClick={onClose}>
          Close
        </button>
      </footer>
    </>
  );
}
