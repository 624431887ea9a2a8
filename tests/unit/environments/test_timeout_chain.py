"""Every layer outlasts the one inside it. test_workflow_time.py has the workflow's longest path."""

import pytest

from environments.settings import SettingsError, Timeouts


def test_the_defaults_hold_together() -> None:
    timeouts = Timeouts()

    assert timeouts.gateway < timeouts.function < timeouts.task < timeouts.machine < timeouts.lease
    assert timeouts.visibility >= 6 * timeouts.function


def test_the_limits_themselves_are_allowed() -> None:
    timeouts = Timeouts(gateway=9, function=10, task=11, machine=300, lease=301, visibility=60)

    assert timeouts.machine == 300


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"gateway": 10}, "the function timeout must be longer than the gateway timeout, got 10 s and 10 s"),
        ({"gateway": 11}, "the function timeout must be longer than the gateway timeout, got 10 s and 11 s"),
        ({"task": 10}, "the task timeout must be longer than the function timeout, got 10 s and 10 s"),
        ({"machine": 15}, "the machine timeout must be longer than the task timeout, got 15 s and 15 s"),
        ({"lease": 240}, "the lease timeout must be longer than the machine timeout, got 240 s and 240 s"),
        (
            {"machine": 301, "lease": 400},
            "the machine timeout must be at most 300 s (EXPRESS ends there), got 301 s",
        ),
        (
            {"visibility": 59},
            "the visibility timeout must be at least 6 × the function timeout (60 s), got 59 s",
        ),
        ({"announce": 10}, "the announce timeout must be above 10 s and at most 900 s, got 10 s"),
        ({"announce": 901}, "the announce timeout must be above 10 s and at most 900 s, got 901 s"),
    ],
)
def test_a_link_that_doesnt_hold_is_one_line(changed: dict[str, int], message: str) -> None:
    with pytest.raises(SettingsError) as error:
        Timeouts(**changed)

    assert str(error.value) == message
