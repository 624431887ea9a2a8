"""A Terraform workspace that somebody selected by hand in a stack's folder."""

from pathlib import Path
from typing import Any

from local.server_process import Server
from tests.integration.support.state_backend import make_stack, output_of, start


def test_a_workspace_selected_by_hand_leads_to_no_second_state(
    tmp_path: Path, emulator: Server, backend: dict[str, Any]
) -> None:
    stack = make_stack(tmp_path / "mine", emulator, backend, seconds=0)
    output_of(start(stack, "apply", "-auto-approve", "-input=false", "-no-color"))
    (stack.folder / ".terraform" / "environment").write_text("qa", encoding="utf-8")

    found = stack.read_terraform("state", "list").split()

    assert found == ["terraform_data.slow"]
