import { cleanup, render } from '@testing-library/preact';
import { afterEach, expect, test } from 'vitest';
import { RestaurantChoice } from '../src/order_form/restaurant_choice.tsx';

afterEach(cleanup);

test.each([
  ['Roma', 'R'],
  ['👩‍👩‍👧 kitchen', '👩‍👩‍👧'],
  ['🇮🇹 Roma', '🇮🇹'],
  ['\u202eRoma', 'R'],
  ['שווארמה', 'ש'],
  ['', ''],
])('the sign of %s is its first whole character', (name, sign) => {
  const { container } = render(<RestaurantChoice restaurants={[{ id: 'x', name }]} chosen="x" onChoose={() => {}} />);

  expect(container.querySelector('.initial')?.textContent).toBe(sign);
});
