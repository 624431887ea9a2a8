import { useEffect, useState } from 'preact/hooks';
import { serverNow } from '../orders/clock.ts';

const TICK_MS = 250;

/** The milliseconds left until `moment` by the server's clock, counted down; 0 when it has passed or there is none. */
export function useTimeLeft(moment: string | null): number {
  const left = (): number => (moment === null ? 0 : Math.max(0, Date.parse(moment) - serverNow()));
  const [, tick] = useState(0);
  const isOver = left() === 0;
  useEffect(() => {
    if (isOver) {
      return;
    }
    const timer = setInterval(() => tick((count) => count + 1), TICK_MS);
    return () => clearInterval(timer);
  }, [moment, isOver]);
  return left();
}

/** The time in which an order may still be changed, as minutes and seconds and as a bar. */
export function Countdown({ leftMs, wholeMs }: { leftMs: number; wholeMs: number }) {
  const seconds = Math.ceil(leftMs / 1000);
  const shown = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  return (
    <div class="countdown">
      {/* No live region: a screen reader would speak each second. */}
      <p>
        You can change or cancel it for <strong role="timer">{shown}</strong>
      </p>
      <progress value={leftMs} max={Math.max(wholeMs, leftMs)} aria-label="Time left to change the order" />
    </div>
  );
}
