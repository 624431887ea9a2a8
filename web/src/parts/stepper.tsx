import { useRef } from 'preact/hooks';
import { MOST_OF_A_DISH } from '../orders/draft.ts';
import { useFocusPassedOn } from './focus.ts';

interface Props {
  readonly name: string;
  readonly quantity: number;
  readonly isDisabled?: boolean;
  readonly onChange: (quantity: number) => void;
}

/**
 * How many of a dish. The plus stays the same button from none to many, so that the focus stays where it is; and what can't
 * be pressed isn't `disabled`, for which the browser would take the focus away.
 */
export function Stepper({ name, quantity, isDisabled = false, onChange }: Props) {
  const group = useFocusPassedOn<HTMLDivElement>();
  const plus = useRef<HTMLButtonElement>(null);
  const isFull = isDisabled || quantity >= MOST_OF_A_DISH;
  const less = (): void => {
    if (quantity === 1) {
      plus.current?.focus();
    }
    onChange(quantity - 1);
  };
  return (
    <div
      ref={group}
      class={quantity > 0 ? 'stepper stepper-some' : 'stepper'}
      role="group"
      aria-label={`Quantity of ${name}`}
    >
      {quantity > 0 && (
        <button
          type="button"
          class="outline"
          aria-label={`One ${name} less`}
          aria-disabled={isDisabled}
          onClick={isDisabled ? undefined : less}
        >
          −
        </button>
      )}
      {quantity > 0 && <output aria-live="polite">{quantity}</output>}
      <button
        key="plus"
        ref={plus}
        type="button"
        class={quantity > 0 ? 'outline' : ''}
        aria-label={quantity > 0 ? `One ${name} more` : `Add ${name}`}
        aria-disabled={isFull}
        onClick={isFull ? undefined : () => onChange(quantity + 1)}
      >
        {quantity > 0 ? '+' : 'Add'}
      </button>
    </div>
  );
}
