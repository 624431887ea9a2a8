import type { Restaurant } from '../api/documents.ts';

interface Props {
  readonly restaurants: readonly Restaurant[];
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
}

/** One of the restaurants: radio buttons, so that the arrow keys choose. */
export function RestaurantChoice({ restaurants, chosen, onChoose }: Props) {
  return (
    <fieldset class="restaurants">
      <legend>Restaurant</legend>
      {restaurants.map(({ id, name }) => (
        <label key={id} class="choice">
          <input type="radio" name="restaurant" value={id} checked={id === chosen} onChange={() => onChoose(id)} />
          <span class={`initial hue-${hueOf(id)}`} aria-hidden="true">
            {initialOf(name)}
          </span>
          <bdi>{name}</bdi>
        </label>
      ))}
    </fieldset>
  );
}

/** The first character that is seen, with what belongs to it: an emoji may be many code points. */
function initialOf(name: string): string {
  const characters = Array.from(new Intl.Segmenter().segment(name), ({ segment }) => segment);
  return characters.find((character) => /[\p{L}\p{N}\p{S}\p{P}]/u.test(character)) ?? '';
}

const HUES = 6;

/** One of the style sheet's colours, always the same for a restaurant. */
function hueOf(id: string): number {
  return Array.from(id).reduce((sum, character) => sum + character.charCodeAt(0), 0) % HUES;
}
