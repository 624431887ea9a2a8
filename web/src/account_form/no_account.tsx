import type { StepProps } from './step_props.ts';

/** The way on for whoever mistyped the address. */
export function AnotherAddress({ onChoose }: { onChoose: () => void }) {
  return (
    <p class="switch">
      Not your address?{' '}
      <button type="button" class="link" onClick={onChoose}>
        Another address
      </button>
    </p>
  );
}

/** The ways on for whoever has no account under this address: nobody says that there is none. */
export function NoAccount({ go }: Pick<StepProps, 'go'>) {
  return (
    <>
      <AnotherAddress onChoose={() => go('forgotten')} />
      <p class="switch">
        New here?{' '}
        <button type="button" class="link" onClick={() => go('sign-up')}>
          Create an account
        </button>
      </p>
    </>
  );
}
