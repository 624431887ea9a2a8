"""Environments that may be verified, and those that may not."""

from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any, cast

import pytest

from deployment.stack import Stack
from environments.settings import settings_of
from environments.user_error import UserError
from verify.__main__ import main
from verify.protected_environment import require_confirmation
from verify.verified_environment import open_verified_environment
from verify.watched_order import choose_dish


def stack(*, account: str, outputs: dict[str, str]) -> Stack:
    sts = SimpleNamespace(get_caller_identity=lambda: {"Account": account})
    made = SimpleNamespace(
        name="orders-dev",
        client=lambda _: sts,
        unsigned_client=lambda _: None,
        calling_aws=nullcontext,
        outputs=lambda: outputs,
    )
    return cast(Stack, made)


def test_keys_of_another_account_are_refused() -> None:
    dev = settings_of("dev")

    with pytest.raises(UserError, match=r"^dev is in account 111111111111, but the credentials are of account 2$"):
        open_verified_environment(stack(account="2", outputs={"graphql_url": "https://x"}), dev)


def test_what_is_not_deployed_is_one_line() -> None:
    dev = settings_of("dev")

    with pytest.raises(UserError, match=r"^orders-dev isn't deployed: make deploy ENV=dev does that$"):
        open_verified_environment(stack(account=dev.account_id, outputs={}), dev)


def test_the_addresses_are_the_stacks_outputs() -> None:
    dev, outputs = settings_of("dev"), {"graphql_url": "https://x"}

    assert open_verified_environment(stack(account=dev.account_id, outputs=outputs), dev).outputs == outputs


@pytest.mark.parametrize("environment", ["local", "dev", "staging"])
def test_where_removal_is_not_protected_nothing_has_to_be_confirmed(environment: str) -> None:
    require_confirmation(settings_of(environment), confirmed=False, command="verify")


def test_a_protected_environment_wants_a_word() -> None:
    require_confirmation(settings_of("prod"), confirmed=True, command="verify")
    with pytest.raises(UserError, match=r"make verify ENV=prod CONFIRM=yes does it$"):
        require_confirmation(settings_of("prod"), confirmed=False, command="verify")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nope"], r"^environments.toml has no table \[nope\]; it has local, dev, staging, prod$"),
        (["prod"], r"^prod is protected, .* make verify ENV=prod CONFIRM=yes does it$"),
    ],
)
def test_what_can_not_be_verified_is_one_line(arguments: list[str], said: str) -> None:
    with pytest.raises(UserError, match=said):
        main(arguments)


def test_the_cheapest_dish_is_ordered() -> None:
    dishes = [
        {"restaurantId": "b", "name": "Tea", "unitPrice": 300},
        {"restaurantId": "a", "name": "Wine", "unitPrice": 300},
        {"restaurantId": "a", "name": "Fish", "unitPrice": 1900},
    ]
    customer: Any = SimpleNamespace(dishes=lambda: dishes)

    assert choose_dish(customer)["name"] == "Wine"


def test_without_a_menu_there_is_nothing_to_verify_with() -> None:
    customer: Any = SimpleNamespace(dishes=list)

    with pytest.raises(UserError, match="no restaurant has a dish that can be ordered: put a menu into the menu table"):
        choose_dish(customer)
