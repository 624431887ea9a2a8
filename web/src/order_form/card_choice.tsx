import { useDesk } from '../desk.ts';
import { CARDS } from '../orders/cards.ts';

/** One of the test cards. */
export function CardChoice({ isDisabled }: { isDisabled: boolean }) {
  const { drafts } = useDesk();
  const chosen = drafts.draft.value.paymentMethod;
  return (
    <fieldset class="cards" disabled={isDisabled}>
      <legend>Test card</legend>
      {CARDS.map(({ method, name, outcome }) => (
        <label key={method}>
          <input
            type="radio"
            name="card"
            value={method}
            checked={method === chosen}
            onChange={() => drafts.setPaymentMethod(method)}
          />
          <span>
            {name} <small>{outcome}</small>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
