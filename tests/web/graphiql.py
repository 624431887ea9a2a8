"""GraphiQL, as the engineer uses it."""

from playwright.sync_api import Page, expect


def run_the_first_query(page: Page) -> None:
    """Run the query that is there at the start; its answer is there when it returns."""
    for editor in (".graphiql-query-editor", ".result-window"):
        expect(page.locator(f"{editor} .CodeMirror")).to_be_visible()
    page.locator(".graphiql-execute-button").click()
    expect(page.locator(".result-window")).to_contain_text('"orders"')
