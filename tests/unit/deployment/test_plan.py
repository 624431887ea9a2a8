"""A plan of an environment prints more than its changes."""

from pathlib import Path

import pytest

from deployment import exact_plan, plan
from deployment.stack import Stack


@pytest.mark.parametrize(("environment", "warned"), [("prod", True), ("dev", False)])
def test_a_plan_warns_where_alarms_reach_nobody(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], environment: str, warned: bool
) -> None:
    stack = Stack(f"orders-{environment}", Path(), {})
    monkeypatch.setattr(plan, "stacks_to_plan", lambda _: [stack])
    monkeypatch.setattr(plan, "plan_files", lambda _: [])
    monkeypatch.setattr(plan, "plan", lambda *_, **__: exact_plan.CHANGES)

    code = plan.main([environment, "--detailed-exitcode"])

    said = capsys.readouterr().err
    assert code == exact_plan.CHANGES
    assert said.startswith("warning: environments.toml [prod] alarm_emails: got nobody") is warned
    assert ("warning: environments.toml [prod] mail_identity_arn, mail_from: got no sender" in said) is warned
