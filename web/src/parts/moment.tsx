/** A moment in the customer's own time and language: the time alone for today. */
export function Moment({ at, withSeconds = false }: { at: string; withSeconds?: boolean }) {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date().toDateString();
  const time = date.toLocaleTimeString(undefined, { timeStyle: withSeconds ? 'medium' : 'short' });
  const day = date.toLocaleDateString(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
  return <time dateTime={at}>{isToday ? time : `${day}, ${time}`}</time>;
}
