import type { Step } from '../account/sign_in_progress.ts';
import type { Message } from '../parts/notice.tsx';

/** What each step on the way in works with. The password is the page's alone, and gone with it. */
export interface StepProps {
  readonly email: string;
  readonly onEmail: (email: string) => void;
  readonly password: string;
  readonly onPassword: (password: string) => void;
  /** Whether the address is that of an account that isn't confirmed; else nobody knows whether it has an account. */
  readonly isUnconfirmed: boolean;
  readonly onUnconfirmed: () => void;
  /** Something to read at this step, until something is done there. */
  readonly message: Message | null;
  readonly go: (step: Step, message?: Message | null) => void;
}
