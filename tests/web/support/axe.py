"""axe-core's findings on a page, for people who use keyboard, magnifier or screen reader."""

from functools import cache

from playwright.sync_api import Page

from deployment.repository_paths import ROOT

SOURCE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
SERIOUS = ("serious", "critical")


def serious_findings(page: Page) -> list[str]:
    """Return axe's serious and critical findings, one a line: rule, reason and element."""
    # Evaluated through the debugger, because the page's content security policy refuses scripts.
    page.evaluate(_source())
    found = page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{violation['id']}: {violation['help']} ({', '.join(' '.join(node['target']) for node in violation['nodes'])})"
        for violation in found["violations"]
        if violation["impact"] in SERIOUS
    ]


@cache
def _source() -> str:
    return SOURCE.read_text(encoding="utf-8")
