"""A state may name the stacks' own provider and types, and no others in any of Terraform's spellings."""

import json
from typing import Any

import pytest

from deployment.checked_plan import refuse_foreign_changes
from deployment.checked_state import checked_state
from deployment.resource_types import BY_SETTING, resource_types
from environments.user_error import UserError
from tests.unit.support.plans import plan, resource

AWS = 'provider["registry.terraform.io/hashicorp/aws"]'
EVIL = 'provider["registry.terraform.io/evil/x"]'
QUEUE = {"mode": "managed", "type": "aws_sqs_queue", "name": "placed", "provider": AWS}
READ = {**QUEUE, "mode": "data", "type": "terraform_remote_state"}
INVOCATION = {**QUEUE, "type": "aws_lambda_invocation", "name": "warm_up"}
TYPES = resource_types({"resource": {"aws_sqs_queue": {}}, "data": {"terraform_remote_state": {}}})


def state(*providers: Any, **more: Any) -> bytes:
    """Return a state with a resource of each provider."""
    resources = [{**QUEUE, "provider": one} for one in providers]
    return json.dumps({"version": 4, "resources": resources, **more}).encode()


def read(content: bytes) -> dict[str, Any] | None:
    return checked_state(content, called="the state of orders-dev", types=TYPES)


def holding(*resources: dict[str, Any]) -> bytes:
    return json.dumps({"version": 4, "resources": resources}).encode()


def refusal(content: bytes) -> str:
    with pytest.raises(UserError) as refused:
        read(content)
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
    found = read(state(AWS, provider, outputs={}))

    assert found is not None
    assert found["outputs"] == {}


def test_an_empty_object_is_no_state() -> None:
    assert read(b"") is None
    assert read(b'{"version": 4, "resources": null}') is not None


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
        b'{"version": 4, "outputs": []}',
        b'{"version": 4, "outputs": "x"}',
        b'{"version": 4, "outputs": {"x": []}}',
        b'{"version": 4, "outputs": {"x": {}}}',
        b'{"version": 4, "outputs": {"x": {"value": 1, "Value": 2}}}',
        b'{"version": 4, "Outputs": {}}',
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
    resource = {**QUEUE, "instances": [{"attributes": {"tags": tags}}]}

    assert read(holding(resource))


@pytest.mark.parametrize("type_", ["aws_sqs_queue", *BY_SETTING])
def test_a_type_that_the_stack_has_or_may_have_had_is_taken(type_: str) -> None:
    assert read(holding({**QUEUE, "type": type_}, READ, {**QUEUE, "module": "module.page"}))


@pytest.mark.parametrize(
    ("resource", "name"),
    [
        (INVOCATION, "aws_lambda_invocation.warm_up"),
        ({**INVOCATION, "module": "module.a"}, "module.a.aws_lambda_invocation.warm_up"),
        ({**INVOCATION, "mode": "data"}, "data.aws_lambda_invocation.warm_up"),
        ({**QUEUE, "mode": "data"}, "data.aws_sqs_queue.placed"),
        ({**READ, "mode": "managed"}, "terraform_remote_state.placed"),
        ({**QUEUE, "mode": "Managed"}, "Managed.aws_sqs_queue.placed"),
        ({**QUEUE, "mode": None}, "None.aws_sqs_queue.placed"),
        ({**QUEUE, "type": "AWS_sqs_queue"}, "AWS_sqs_queue.placed"),
        ({**QUEUE, "type": ["aws_sqs_queue"]}, "['aws_sqs_queue'].placed"),
    ],
)
def test_any_other_type_is_refused_in_one_line(resource: dict[str, Any], name: str) -> None:
    said = refusal(holding(QUEUE, resource))

    shown = f'"{name}"' if "'" in name else f"'{name}'"
    assert said == (
        f"the state of orders-dev has {shown}, which is of a type that this stack never has: nothing was run; find out"
        " who wrote that, and put the last good version of it back; if an earlier release made it, put its type into"
        " REMOVED of deployment/resource_types.py until it is gone"
    )


def test_a_type_in_another_letter_case_of_its_name_is_refused() -> None:
    resource = json.dumps(QUEUE)[:-1] + ', "Type": "aws_lambda_invocation"}'

    assert "'type' is in it more than once" in refusal(f'{{"version": 4, "resources": [{resource}]}}'.encode())


@pytest.mark.parametrize(
    "strange",
    [{"name": "a\nPlan: 0 to add"}, {"name": "\x1b]0;"}, {"name": None}, {"instances": [{"deposed": "a\nb"}]}],
)
def test_a_name_that_would_make_lines_of_a_plan_is_refused(strange: dict[str, Any]) -> None:
    said = refusal(holding({**QUEUE, **strange}))

    assert said.startswith("the state of orders-dev can't be read (it has the name ")


def test_what_a_replacement_left_over_may_be_in_a_state() -> None:
    assert read(holding({**QUEUE, "instances": [{"attributes": {}}, {"attributes": {}, "deposed": "00ab12ef"}]}))


def marking(*attributes: str) -> dict[str, Any]:
    paths = [[{"type": "get_attr", "value": name}] for name in attributes]
    return {**QUEUE, "instances": [{"attributes": {}}, {"attributes": {}, "sensitive_attributes": paths}]}


def test_what_the_provider_calls_sensitive_may_be_marked_so() -> None:
    assert read(holding(marking(), marking("client_secret")))


@pytest.mark.parametrize("paths", [[[{"type": "get_attr", "value": "id"}]], [[]], [[{"type": "index", "value": 0}]]])
def test_a_state_that_hides_an_attribute_from_a_review_is_refused(paths: list[Any]) -> None:
    resource = marking("client_secret")
    resource["instances"][1]["sensitive_attributes"] += paths

    assert ", so that no plan would show it: nothing was run; find out who wrote that" in refusal(holding(resource))


def planned(*actions: str, type_: str = "aws_sqs_queue", **change: Any) -> dict[str, Any]:
    one = resource(f"{type_}.a", *actions, **change)
    return plan({**one, "type": type_})


def test_a_plan_of_such_a_state_is_refused_too() -> None:
    with pytest.raises(UserError, match=r"^the plan of orders-dev has 'aws_lambda_invocation\.a', which is of a type"):
        refuse_foreign_changes(
            planned("delete", type_="aws_lambda_invocation", before={}), called="orders-dev", types=TYPES
        )


@pytest.mark.parametrize("marks", [True, {"id": True}, {"list": [{}, {"a": True}]}])
def test_a_plan_that_hides_what_it_destroys_is_refused(marks: Any) -> None:
    with pytest.raises(UserError, match="marked as sensitive, so that no plan would show it"):
        refuse_foreign_changes(
            planned("delete", before={"id": "x"}, before_sensitive=marks), called="orders-dev", types=TYPES
        )


def test_a_plan_of_the_stack_is_taken() -> None:
    marks = {"client_secret": True, "list": [{}], "tags": {}}

    refuse_foreign_changes(planned("create", before_sensitive=False), called="orders-dev", types=TYPES)
    refuse_foreign_changes(planned("update", before_sensitive={"a": True}), called="orders-dev", types=TYPES)
    refuse_foreign_changes(planned("delete", before={}, before_sensitive=marks), called="orders-dev", types=TYPES)
