"""A customer's way through the app."""

from tests.web.windows import Window


def test_the_app_opens(window: Window) -> None:
    window.visit()

    assert window.page.title()
