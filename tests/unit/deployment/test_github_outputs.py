"""Answers to the workflows' questions about `environments.toml`."""

import pytest

from deployment.github_outputs import delivered_environments, main, role_variables
from environments.settings import Settings
from environments.user_error import UserError


def settings(environment: str, account_id: str, region: str, repository: str | list[str] | None = None) -> Settings:
    return Settings(
        environment=environment,
        account_id=account_id,
        region=region,
        state_bucket=f"state-{account_id}",
        github_repository=repository,
    )


ENVIRONMENTS = [
    settings("local", "000000000000", "us-east-1"),
    settings("dev", "111111111111", "eu-central-1", "Owner@1/orders@2"),
    settings("prod", "333333333333", "eu-west-1", "owner/orders"),
    settings("other", "444444444444", "eu-west-1", "owner/elsewhere"),
]


def test_a_repository_delivers_the_environments_that_name_it_with_or_without_ids() -> None:
    assert delivered_environments(ENVIRONMENTS, repository="owner/Orders") == ["dev", "prod"]


@pytest.mark.parametrize("name", ["owner/old", "Owner/new"])
def test_a_repository_that_is_renamed_delivers_under_both_names(name: str) -> None:
    renamed = settings("dev", "111111111111", "eu-central-1", ["owner@1/old@2", "owner@1/new@2"])

    assert delivered_environments([renamed], repository=name) == ["dev"]


def test_a_fork_delivers_nothing() -> None:
    assert delivered_environments(ENVIRONMENTS, repository="somebody/orders") == []


def test_a_job_learns_role_region_and_account() -> None:
    assert role_variables(ENVIRONMENTS, "plan", "prod") == {
        "account": "333333333333",
        "region": "eu-west-1",
        "role": "arn:aws:iam::333333333333:role/delivery/orders-prod-plan",
    }


@pytest.mark.parametrize(
    ("purpose", "environment", "said"),
    [
        ("destroy", "dev", "there is no role to destroy, only to plan and to deploy"),
        ("plan", "test", "test is not in environments.toml; it has local, dev, prod, other"),
    ],
)
def test_an_unknown_purpose_or_environment_is_one_line(purpose: str, environment: str, said: str) -> None:
    with pytest.raises(UserError, match=f"^{said}$"):
        role_variables(ENVIRONMENTS, purpose, environment)


def test_the_answers_are_lines_for_the_job(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("GITHUB_REPOSITORY", "nobody/nothing")

    main(["environments"])
    main(["role", "deploy", "dev"])

    said = capsys.readouterr().out.splitlines()
    assert said[0] == "names=[]"
    assert {line.partition("=")[0] for line in said[1:]} == {"role", "region", "account"}
