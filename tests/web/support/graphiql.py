"""GraphiQL, as the engineer uses it."""

from playwright.sync_api import Page, expect


def run_the_first_query(page: Page) -> None:
    """Run the query that is there at the start, and wait for its answer."""
    for editor in (".graphiql-query-editor", ".result-window"):
        expect(page.locator(f"{editor} .CodeMirror")).to_be_visible()
    page.locator(".graphiql-execute-button").click()
    answer = page.locator(".result-window")
    expect(answer).to_contain_text('"data"')
    expect(answer).not_to_contain_text('"errors"')


def subscribe(page: Page, user_id: str) -> None:
    """Subscribe to the orders of a user, and wait until the subscription is active."""
    for editor in (".graphiql-query-editor", ".result-window"):
        expect(page.locator(f"{editor} .CodeMirror")).to_be_visible()
    query = f'subscription Watch {{ onOrderChanged(userId: "{user_id}") {{ id status }} }}'
    page.evaluate(
        "text => document.querySelector('.graphiql-query-editor .CodeMirror').CodeMirror.setValue(text)", query
    )
    # Otherwise it would send the previous query.
    expect(page.locator(".graphiql-tab")).to_contain_text("Watch")
    page.locator(".graphiql-execute-button").click()
    expect(page.locator(".result-window")).to_contain_text("live, waiting")
