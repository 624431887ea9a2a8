"""What axe-core finds wrong for people who use a page by keyboard, magnifier or ear."""

from functools import cache

from playwright.sync_api import Page

from deployment.checkout import ROOT

SOURCE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
SERIOUS = ("serious", "critical")


def serious_findings(page: Page) -> list[str]:
    """What axe calls serious or critical, a line each: rule, what it is about, and where."""
    # Evaluated through the debugger: the page's content security policy would refuse it as a script of the page.
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
