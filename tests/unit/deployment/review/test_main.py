"""`python -m deployment.review`."""

import pytest

from deployment.review import __main__ as program


def test_a_review_warns_of_every_environment_and_names_its_first_page(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(program, "review", lambda **_: None)

    code = program.main(["--output", ".build/pages"])

    said = capsys.readouterr()
    assert code == 0
    assert "warning: environments.toml [prod] alarm_emails: got nobody" in said.err
    assert "warning: environments.toml [prod] mail_identity_arn, mail_from: got no sender" in said.err
    assert said.out == ".build/pages/README.md\n"
