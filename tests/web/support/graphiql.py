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


def subscribe(page: Page, user_id: str) -> None:
    """Watch the orders of a user; the subscription stands when it returns."""
    for editor in (".graphiql-query-editor", ".result-window"):
        expect(page.locator(f"{editor} .CodeMirror")).to_be_visible()
    query = f'subscription Watch {{ onOrderChanged(userId: "{user_id}") {{ id status }} }}'
    page.evaluate(
        "text => document.querySelector('.graphiql-query-editor .CodeMirror').CodeMirror.setValue(text)", query
    )
    expect(page.locator(".graphiql-tab")).to_contain_text("Watch")  # or it would ask for what stood there before
    page.locator(".graphiql-execute-button").click()
    expect(page.locator(".result-window")).to_contain_text("live, waiting")
