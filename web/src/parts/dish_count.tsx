/** How many of what. The name stands by itself: from right to left, it would turn around what follows it. */
export function DishCount({ quantity, name }: { quantity: number; name: string }) {
  return (
    <>
      {quantity} × <bdi>{name}</bdi>
    </>
  );
}
