import { useEffect, useState } from 'preact/hooks';

export interface Polled<Value> {
  readonly value: Value | null;
  readonly error: Error | null;
}

/** What `read` says now, asked again and again; the next question waits for the last answer. A hidden page asks nothing. */
export function usePolled<Value>(read: () => Promise<Value>, everyMilliseconds: number): Polled<Value> {
  const [polled, setPolled] = useState<Polled<Value>>({ value: null, error: null });
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    let over = false;
    const ask = async (): Promise<void> => {
      if (!document.hidden) {
        const answer = await read().then(
          (value) => ({ value, error: null }),
          (error: unknown) => ({ error: error instanceof Error ? error : new Error(String(error)) }),
        );
        if (over) return;
        setPolled((before) => ({ ...before, ...answer }));
      }
      timer = setTimeout(() => void ask(), everyMilliseconds);
    };
    void ask();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [read, everyMilliseconds]);
  return polled;
}
