"""Windows of the app: each is a browser of its own, with storage of its own, as different people have."""

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
    """A page of the app in a browser of its own, and what it complained of."""

    context: BrowserContext
    page: Page
    origin: str
    complaints: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def visit(self, path: str = "/") -> None:
        """Open a page of the app by its address."""
        self.page.goto(self.origin + path)

    def expect_complaint(self, words: str) -> None:
        """Let the browser's console say this: the test breaks what it is about."""
        self.expected.append(words)

    def unexpected(self) -> list[str]:
        """What the console said of errors, scripts' failures and refused content, but for what was expected."""
        return [said for said in self.complaints if not any(words in said for words in self.expected)]

    def hear(self, message: ConsoleMessage) -> None:
        """Keep what the console shows in red."""
        if message.type == "error":
            self.complaints.append(f"{message.text} ({message.location.get('url', '')})")


class Windows:
    """Opens them, and closes all of them at the end."""

    def __init__(self, browser: Browser, outputs: Mapping[str, Any]) -> None:
        self._browser = browser
        self._origin = str(outputs["web_url"]).rstrip("/")
        self._open: list[Window] = []

    def open(self, size: tuple[int, int] = DESKTOP, scheme: Scheme = "light") -> Window:
        """A new browser with one empty page."""
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
        """One more empty page in the same browser."""
        return self._tab(window.context)

    def duplicate(self, window: Window) -> Window:
        """The same page once more, with a copy of what the tab keeps, as a browser duplicates it."""
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
        """Close them; returns what their pages complained of unexpectedly."""
        for window in self._open:
            window.context.close()
        return [said for window in self._open for said in window.unexpected()]
