/* The flow as data: what stands where, and what goes from one to the other. `FlowPicture` draws it. */

export type Shape = 'person' | 'service' | 'store' | 'queue' | 'function' | 'topic';

export interface Part {
  id: string;
  name: string;
  shape: Shape;
  column: number;
  row: number;
}

export interface Way {
  from: string;
  to: string;
  says?: string;
  dashed?: boolean;
  /** Where it leaves and arrives; without them the sides that face each other. */
  leaves?: Side;
  arrives?: Side;
}

export type Side = 'left' | 'right' | 'top' | 'bottom';

export const PARTS: readonly Part[] = [
  { id: 'menu', name: 'menu table', shape: 'store', column: 1, row: 0 },
  { id: 'sweep', name: 'sweep', shape: 'function', column: 2, row: 0 },
  { id: 'deadLetters', name: 'dead letters', shape: 'queue', column: 3, row: 0 },
  { id: 'client', name: 'client', shape: 'person', column: 0, row: 1 },
  { id: 'api', name: 'AppSync', shape: 'service', column: 1, row: 1 },
  { id: 'queue', name: 'placed queue', shape: 'queue', column: 2, row: 1 },
  { id: 'startWorkflow', name: 'start_workflow', shape: 'function', column: 3, row: 1 },
  { id: 'workflow', name: 'order workflow', shape: 'service', column: 4, row: 1 },
  { id: 'chargePayment', name: 'charge_payment', shape: 'function', column: 5, row: 1 },
  { id: 'orders', name: 'orders table', shape: 'store', column: 2, row: 2 },
  { id: 'payments', name: 'payments table', shape: 'store', column: 5, row: 2 },
  { id: 'undelivered', name: 'undelivered', shape: 'store', column: 0, row: 3 },
  { id: 'announce', name: 'announce', shape: 'function', column: 2, row: 3 },
  { id: 'topic', name: 'SNS topic', shape: 'topic', column: 3, row: 3 },
  { id: 'mailbox', name: 'mailbox', shape: 'person', column: 4, row: 3 },
];

export const WAYS: readonly Way[] = [
  { from: 'client', to: 'api', says: 'GraphQL' },
  { from: 'api', to: 'menu', says: 'price' },
  { from: 'api', to: 'queue', says: '2 hint' },
  { from: 'api', to: 'orders', says: '1 row', leaves: 'bottom', arrives: 'left' },
  { from: 'queue', to: 'startWorkflow' },
  { from: 'queue', to: 'deadLetters', says: '4 failed', dashed: true, leaves: 'right', arrives: 'left' },
  { from: 'sweep', to: 'queue', says: 'open too long' },
  { from: 'startWorkflow', to: 'workflow' },
  { from: 'workflow', to: 'chargePayment' },
  { from: 'chargePayment', to: 'payments' },
  { from: 'workflow', to: 'orders', says: 'PAYING, PAID, FAILED', leaves: 'bottom', arrives: 'right' },
  { from: 'orders', to: 'announce', says: 'stream' },
  { from: 'announce', to: 'topic' },
  { from: 'announce', to: 'api', says: 'publishOrder', leaves: 'left', arrives: 'bottom' },
  { from: 'announce', to: 'undelivered', dashed: true },
  { from: 'topic', to: 'mailbox' },
];
