export interface Card {
  readonly method: string;
  readonly name: string;
  readonly outcome: string;
}

/** The test cards that payment providers know, under names that say what they do. */
export const CARDS: readonly Card[] = [
  { method: 'pm_card_visa', name: 'Visa •••• 4242', outcome: 'is accepted' },
  { method: 'pm_card_chargeDeclined', name: 'Visa •••• 0002', outcome: 'is declined' },
  { method: 'pm_card_chargeDeclinedInsufficientFunds', name: 'Visa •••• 9995', outcome: 'has insufficient funds' },
];
