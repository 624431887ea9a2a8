"""The settings for a rate are sufficient for it, and within the quotas that a setting affects."""

import pytest

from scale import parameters
from scale.parameters import PAID_AFTER_A_WINDOW, PAID_AT_ONCE, News
from scale.quotas import QUOTAS, REGIONS
from scale.rates import RATES, Rate
from scale.scale_page import busy_workers
from scale.simulation import Announcer

FAILED_SHARE = 0.05


@pytest.fixture(params=RATES, ids=lambda rate: str(rate.orders_a_second))
def rate(request: pytest.FixtureRequest) -> Rate:
    given: Rate = request.param
    return given


def ends_at(part_of_a_name: str) -> float:
    """Return the orders a second that use up a quota, in the region with the lower quota."""
    (quota,) = (quota for quota in QUOTAS if part_of_a_name in quota.name)
    return min(quota.ends_at(region) for region in REGIONS)


@pytest.mark.parametrize("news", [PAID_AT_ONCE, PAID_AFTER_A_WINDOW])
def test_workers_and_announcers_are_more_than_the_rate_needs(rate: Rate, news: tuple[News, ...]) -> None:
    shards = parameters.shards(rate.orders_a_second)
    announcer = Announcer(shards, rate.announce_parallelization, parameters.SIDE_BY_SIDE, news)

    assert rate.workflow_concurrency > busy_workers(rate.orders_a_second)
    assert announcer.keeps_up_to() > rate.orders_a_second


def test_a_subscription_by_mail_gets_no_more_than_sns_sends(rate: Rate) -> None:
    share = FAILED_SHARE if rate.settings.get("email_statuses") == ["FAILED"] else 1

    nobody_is_mailed = rate.settings.get("email_subscribers") == []

    assert nobody_is_mailed or rate.orders_a_second * share <= ends_at("e-mails")


def test_standard_workflows_are_for_rates_that_they_carry(rate: Rate) -> None:
    is_express = rate.settings["workflow_type"] == "EXPRESS"

    assert is_express or rate.orders_a_second < min(ends_at("StartExecution, STANDARD"), ends_at("transitions"))


@pytest.mark.parametrize(
    ("name", "at"),
    [
        ("UserAuthentication", 120),
        ("UserCreation", 50 / (2 * 0.05)),
        ("StartExecution, STANDARD", 150),
        ("transitions, STANDARD", 800 / 5),
        ("request tokens", 5000 / (1 + 3 + 3)),
        ("new table, orders", 4000 / 3),
        ("one partition, the index", 8 * 1000 / 4),
        ("concurrent executions", 1000 / (0.3 + 0.031 + 6 * 0.001 * 1769 / 512 + 0.003 * 0.010 / 0.040)),
        ("workers of a queue", 1000 / 0.031),
        ("while each hint fails", 120_000 / 60),
    ],
)
def test_a_quota_ends_where_the_hand_says(name: str, at: float) -> None:
    assert ends_at(name) == pytest.approx(at, rel=0.001)
