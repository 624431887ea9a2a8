"""Windows of the app. Each has a browser and storage of its own, as different people have."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

Scheme = Literal["light", "dark"]
PHONE = (360, 740)
DESKTOP = (1440, 900)
PATIENCE_MILLISECONDS = 15_000


@dataclass
class Window:
    """A page of the app in a browser of its own, and the errors on its console."""

    context: BrowserContext
    page: Page
    origin: str
    complaints: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def visit(self, path: str = "/") -> None:
        """Open a page of the app by its path."""
        self.page.goto(self.origin + path)

    def expect_complaint(self, words: str) -> None:
        """Expect an error on the console that the test causes."""
        self.expected.append(words)

    def unexpected(self) -> list[str]:
        """Return the unexpected errors: of the console, of scripts, and of refused content."""
        return [said for said in self.complaints if not any(words in said for words in self.expected)]

    def hear(self, message: ConsoleMessage) -> None:
        """Keep a console message that is an error."""
        if message.type == "error":
            self.complaints.append(f"{message.text} ({message.location.get('url', '')})")


class Windows:
    """Opens windows, and closes all of them at the end."""

    def __init__(self, browser: Browser, outputs: Mapping[str, Any]) -> None:
        self._browser = browser
        self._origin = str(outputs["web_url"]).rstrip("/")
        self._open: list[Window] = []

    def open(self, size: tuple[int, int] = DESKTOP, scheme: Scheme = "light") -> Window:
        """Open a new browser with one empty page."""
        context = self._browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,
            locale="en-GB",
            timezone_id="Europe/Berlin",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        return self._tab(context)

    def another_tab(self, window: Window) -> Window:
        """Open one more empty page in the same browser."""
        return self._tab(window.context)

    def duplicate(self, window: Window) -> Window:
        """Duplicate the tab as a browser does, with a copy of its session storage."""
        with window.page.expect_popup() as popup:
            window.page.evaluate("() => { open(location.href); }")
        return self._tab(window.context, popup.value)

    def _tab(self, context: BrowserContext, page: Page | None = None) -> Window:
        window = Window(context, page or context.new_page(), self._origin)
        window.page.on("console", window.hear)
        window.page.on("pageerror", lambda error: window.complaints.append(str(error)))
        self._open.append(window)
        return window

    def close(self) -> list[str]:
        """Close all windows; return their unexpected errors."""
        for window in self._open:
            window.context.close()
        return [said for window in self._open for said in window.unexpected()]
