import { Page } from '../parts/page.tsx';

export function NotFoundPage() {
  return (
    <Page title="There is nothing here" intro="The address may be mistyped, or the page is gone.">
      <a class="button" href="/">
        To the menu
      </a>
    </Page>
  );
}
