import { Page } from '../parts/page.tsx';
import { ROUTES } from '../routes.ts';

export function NotFoundPage() {
  return (
    <Page title="There is nothing here" intro="The address may be mistyped, or the page is gone.">
      <a class="button" href={ROUTES.menu}>
        To the menu
      </a>
    </Page>
  );
}
