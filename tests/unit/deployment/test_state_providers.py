"""A state may name the stacks' own provider, and no other in any of Terraform's spellings."""

import json
from typing import Any

import pytest

from deployment.state_providers import state_with_own_provider
from environments.user_error import UserError

AWS = 'provider["registry.terraform.io/hashicorp/aws"]'
EVIL = 'provider["registry.terraform.io/evil/x"]'


def state(*providers: Any, **more: Any) -> bytes:
    """Return a state with a resource of each provider."""
    return json.dumps({"version": 4, "resources": [{"provider": one} for one in providers], **more}).encode()


def refusal(content: bytes) -> str:
    with pytest.raises(UserError) as refused:
        state_with_own_provider(content, called="the state of orders-dev")
    assert "\n" not in str(refused.value)
    return str(refused.value)


@pytest.mark.parametrize(
    "provider",
    [
        AWS,
        f"{AWS}.us_east_1",
        f"module.page.{AWS}",
        f"module.page.module.more.{AWS}.us_east_1",
        'provider["terraform.io/builtin/terraform"]',
    ],
)
def test_a_state_of_our_provider_is_returned(provider: str) -> None:
    found = state_with_own_provider(state(AWS, provider, outputs={}), called="the state")

    assert found is not None
    assert found["outputs"] == {}


def test_an_empty_object_is_no_state() -> None:
    assert state_with_own_provider(b"", called="the state") is None
    assert state_with_own_provider(b'{"version": 4, "resources": null}', called="the state") is not None


@pytest.mark.parametrize(
    "provider",
    [
        EVIL,
        f"module.page.{EVIL}",
        f"{EVIL}.hashicorp",
        f'module.page["{AWS[10:-2]}"].{EVIL}',
        'provider["example.com/hashicorp/aws"]',
        'provider["registry.terraform.io/hashicorp/aws2"]',
        'provider["terraform.io/builtin/other"]',
        "provider.aws",
        f"{AWS}\n{EVIL}",
        f"{AWS}\n",
        "",
        None,
        [AWS],
    ],
)
def test_any_other_provider_is_refused_in_one_line(provider: Any) -> None:
    said = refusal(state(AWS, provider))

    assert said == (
        f"the state of orders-dev names the provider {str(provider)!r}, allowed is registry.terraform.io/hashicorp/aws"
        " alone: nothing was run; find out who wrote that, and put the last good version of it back"
    )


def test_several_others_and_a_long_one_are_one_line_too() -> None:
    said = refusal(state("x" * 10_000, "y", "z"))

    assert f"names the provider {'x' * 100!r} and 2 more, allowed" in said


@pytest.mark.parametrize(
    "content",
    [
        f'{{"version": 4, "resources": [{{"provider": {json.dumps(AWS)}, "Provider": {json.dumps(EVIL)}}}]}}',
        f'{{"version": 4, "resources": [{{"provider": {json.dumps(EVIL)}, "provider": {json.dumps(AWS)}}}]}}',
        f'{{"version": 4, "resources": [{{"PROVIDER": {json.dumps(EVIL)}}}]}}',
        f'{{"version": 4, "resources": [], "Resources": [{{"provider": {json.dumps(EVIL)}}}]}}',
        f'{{"version": 4, "re\\u017fources": [{{"provider": {json.dumps(EVIL)}}}]}}',
        f'{{"version": 4, "resources": [{{"provider": {json.dumps(EVIL)}}}], "resources": []}}',
        '{"version": 4, "Version": 3, "modules": []}',
    ],
    ids=["other case", "twice", "other case alone", "resources", "folded", "resources twice", "version"],
)
def test_what_terraform_would_read_in_another_way_is_refused(content: str) -> None:
    assert "more than once, or in another letter case" in refusal(content.encode())


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"\xff",
        b"[]",
        b"null",
        b'{"version": 3, "modules": []}',
        b'{"resources": []}',
        b'{"version": 4, "resources": {}}',
        b'{"version": 4, "resources": ["x"]}',
        b"\xff\xfe" + '{"version": 4}'.encode("utf-16-le"),
        b"[" * 100_000,
        b'{"version": 4} {}',
    ],
)
def test_what_terraform_did_not_write_is_refused_in_one_line(content: bytes) -> None:
    said = refusal(content)

    assert said.startswith("the state of orders-dev can't be read (")
    assert said.endswith(
        "), expected a state of Terraform's format 4: nothing was run; put the last good version of it back"
    )


def test_what_resources_are_like_is_their_providers_business() -> None:
    tags = {"Name": "a", "name": "b", "provider": EVIL}
    resource = {"provider": AWS, "instances": [{"attributes": {"tags": tags}}]}

    assert state_with_own_provider(json.dumps({"version": 4, "resources": [resource]}).encode(), called="the state")
