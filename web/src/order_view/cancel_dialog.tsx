import type { Order } from '../api/documents.ts';
import { nextStep, Unsure } from '../api/errors.ts';
import { useDesk } from '../desk.ts';
import { MessageNotice } from '../parts/notice.tsx';
import { DishCount } from '../parts/dish_count.tsx';
import { BusyButton } from '../parts/waiting.tsx';
import { useOrderAction } from './order_action.ts';
import { OrderDialog } from './order_dialog.tsx';

export function CancelDialog({ order, onClose }: { order: Order; onClose: () => void }) {
  const { orders } = useDesk();
  const { isBusy, message, error, act } = useOrderAction(order);
  const isWorthTrying = error === null || nextStep(error) === 'again';
  // It may be cancelled already: nothing is promised, and nothing can be kept.
  const isUnsure = error instanceof Unsure;
  return (
    <OrderDialog title="Cancel this order?" order={order} isBusy={isBusy} error={error} onClose={onClose}>
      {(close) => (
        <>
          {isWorthTrying && !isUnsure && (
            <p>
              <DishCount {...order} /> won’t be made, and your card won’t be charged.
            </p>
          )}
          <MessageNotice message={message} />
          <footer>
            <button type="button" class="secondary outline" disabled={isBusy} onClick={close}>
              {isWorthTrying && !isUnsure ? 'Keep it' : 'Close'}
            </button>
            {isWorthTrying && (
              <BusyButton type="button" isBusy={isBusy} onClick={() => act(() => orders.cancel(order.id).then(close))}>
                Yes, cancel it
              </BusyButton>
            )}
          </footer>
        </>
      )}
    </OrderDialog>
  );
}
