/** What the local server counts; workflows and announcements since its start. */
export interface Flow {
  readonly since: string;
  readonly queue: { readonly waiting: number; readonly delayed: number; readonly inFlight: number };
  readonly deadLetters: number;
  readonly workflows: {
    readonly running: number;
    readonly succeeded: number;
    readonly failed: number;
    readonly timedOut: number;
  };
  readonly announcements: { readonly sent: number; readonly undelivered: number };
  readonly orders: Readonly<Record<string, number>>;
}

/** The words in each box of the picture, by the part's id. */
export type Counts = Readonly<Record<string, readonly string[]>>;

/** What a flow looks like in words. */
export function counted(flow: Flow): Counts {
  const { queue, workflows } = flow;
  return {
    queue: [`${queue.waiting} waiting`, ...some(queue.delayed, 'delayed'), `${queue.inFlight} in flight`],
    deadLetters: [`${flow.deadLetters} waiting`],
    workflow: [
      `${workflows.running} running`,
      `${workflows.succeeded} done`,
      ...some(workflows.failed + workflows.timedOut, 'failed'),
    ],
    orders: openAndClosed(flow.orders),
    topic: [`${flow.announcements.sent} sent`],
    undelivered: [`${flow.announcements.undelivered} kept`],
  };
}

function some(number: number, words: string): string[] {
  return number ? [`${number} ${words}`] : [];
}

function openAndClosed(orders: Record<string, number>): string[] {
  const count = (status: string) => orders[status] ?? 0;
  const lines = [
    `${count('PENDING')} pending · ${count('PAYING')} paying`,
    `${count('PAID')} paid · ${count('FAILED')} failed`,
  ];
  return [...lines, ...some(count('CANCELLED'), 'cancelled')];
}
