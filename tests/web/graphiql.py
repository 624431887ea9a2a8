"""GraphiQL, as the engineer uses it."""

from playwright.sync_api import Page, expect


def run_the_first_query(page: Page) -> None:
    """Run the query that is there at the start; its answer is there when it returns."""
    for editor in (".graphiql-query-editor", ".result-window"):
        expect(page.locator(f"{editor} .CodeMirror")).to_be_visible()
    page.locator(".graphiql-execute-button").click()
    answer = page.locator(".result-window")
    expect(answer).to_contain_text('"data"')
    expect(answer).not_to_contain_text('"errors"')
