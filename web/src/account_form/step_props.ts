import type { Step } from '../account/sign_in_progress.ts';

/** Something to read at the step that follows. */
export interface Told {
  readonly kind: 'good' | 'trouble';
  readonly text: string;
}

/** What each step on the way in works with. The password is the page's alone, and gone with it. */
export interface StepProps {
  readonly email: string;
  readonly onEmail: (email: string) => void;
  readonly password: string;
  readonly onPassword: (password: string) => void;
  readonly go: (step: Step, told?: Told) => void;
}
