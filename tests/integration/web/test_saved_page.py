"""The page is served again after a restart with a saved state."""

from pathlib import Path

from deployment.repository_paths import ROOT
from emulator.ministack.state import saved_state
from local.server_process import free_port, start_server
from tests.integration.web.conftest import OBJECTS, Browser, put_page


def test_a_kept_page_is_served_by_the_next_server(tmp_path: Path) -> None:
    port = free_port()
    saved_state.enable_saving(tmp_path)
    first = start_server(port=port, directory=tmp_path, root=ROOT, log=tmp_path / "server.log")
    put_page(Browser(first, tmp_path))
    before = Browser(first, tmp_path).ask("/")
    first.stop()

    second = start_server(port=port, directory=tmp_path, root=ROOT, log=tmp_path / "server.log")

    try:
        after = [Browser(second, tmp_path).ask(path) for path in ("/", "/routed/x")]
    finally:
        second.stop()
    assert [(status, body) for status, _, body in after] == [(200, OBJECTS["index.html"][2])] * 2
    assert [headers["content-security-policy"] for _, headers, _ in after] == [before[1]["content-security-policy"]] * 2
