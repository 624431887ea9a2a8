/** How many of what. The name may be written from right to left, or turn around what follows it: it stands by itself. */
export function Ordered({ quantity, name }: { quantity: number; name: string }) {
  return (
    <>
      {quantity} × <bdi>{name}</bdi>
    </>
  );
}
