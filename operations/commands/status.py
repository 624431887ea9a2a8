"""`status`: what is wrong, at a glance."""

import click

from deployment.colours import with_tone
from environments.names import ALARMS
from environments.runbooks import runbook_path
from environments.settings import Settings
from operations import dead_letters, orders, timestamps
from operations.commands.examples import example
from operations.commands.target_environment import CommandTarget, pass_target
from operations.commands.terminal_io import say, say_table
from operations.dashboard_address import dashboard_address
from operations.environment import Environment
from operations.subscribers import SubscriptionState, list_subscribers, mailing_lists


@click.command(epilog=example("status"))
@pass_target
def status(target: CommandTarget) -> None:
    """Show queues, dead letters, delayed and undelivered announcements, open orders, e-mail subscribers and alarms.

    The last line is the address of the dashboard.
    """
    environment = target.environment
    names = environment.names
    say(f"{names.name('')[:-1]} in account {names.account_id}, {names.region}")
    say("")
    say_table(status_rows(environment, target.settings), indent=2)


def status_rows(environment: Environment, settings: Settings) -> list[tuple[str, str]]:
    """Names and values of what may be wrong."""
    work = [*_queues(environment), _delayed(environment), _undelivered(environment), _open_orders(environment)]
    dashboard = ("dashboard", dashboard_address(settings))
    return [*work, _subscribers(environment, settings), *_alarms(environment), dashboard]


def _queues(environment: Environment) -> list[tuple[str, str]]:
    queue = dead_letters.count_messages(environment, environment.names.queue)
    dead = dead_letters.count_messages(environment, environment.names.dead_letter_queue)
    held = f", {dead['at work']} being looked at" if dead["at work"] else ""
    return [
        ("hints", ", ".join(f"{number} {word}" for word, number in queue.items())),
        ("dead letters", _with_command(f"{dead['waiting']}{held}", "dead-letters list" if dead["waiting"] else "")),
    ]


def _delayed(environment: Environment) -> tuple[str, str]:
    """Count the changes that announce tries each minute, up to the megabyte that one call reads."""
    answer = environment.client("dynamodb").scan(TableName=environment.names.delayed_table, Select="COUNT")
    number, more = answer["Count"], "+" if "LastEvaluatedKey" in answer else ""
    return "delayed", with_tone(f"{number}{more}   tried again each minute", "bad") if number else "0"


def _undelivered(environment: Environment) -> tuple[str, str]:
    answer = environment.client("s3").list_objects_v2(Bucket=environment.names.undelivered)
    number, more = answer.get("KeyCount", 0), "+" if answer.get("IsTruncated") else ""
    return "undelivered", _with_command(f"{number}{more}", "undelivered list" if number else "")


def _open_orders(environment: Environment) -> tuple[str, str]:
    due = [order.due_at for order in orders.open_orders(environment)]
    late = timestamps.now() - min(due, default=timestamps.now())
    if late < timestamps.MINUTE:
        return "open orders", f"{len(due)}"
    return "open orders", _with_command(
        f"{len(due)}, the longest due for {timestamps.duration_text(late)}", "order open"
    )


def _with_command(said: str, command: str) -> str:
    """Return what is there, with the command that says more if it is trouble."""
    return with_tone(f"{said}   → {command}", "bad") if command else said


def _subscribers(environment: Environment, settings: Settings) -> tuple[str, str]:
    found = list_subscribers(environment, mailing_lists(environment.names, settings))
    unheard = "".join(
        f", {one.address} is {one.state}" for one in found if one.state is not SubscriptionState.CONFIRMED
    )
    return "subscribers", _with_command(f"{len(found)} by e-mail{unheard}", "subscribers list" if unheard else "")


def _alarms(environment: Environment) -> list[tuple[str, str]]:
    names = environment.names
    answer = environment.client("cloudwatch").describe_alarms(
        AlarmNames=names.alarms, AlarmTypes=["MetricAlarm", "CompositeAlarm"], MaxRecords=100
    )
    found = {
        alarm["AlarmName"]: alarm for kind in ("MetricAlarms", "CompositeAlarms") for alarm in answer.get(kind, [])
    }
    loud = [
        (
            f"alarm {noun}",
            _with_command(
                f"since {found[names.name(noun)]['StateUpdatedTimestamp']:%Y-%m-%d %H:%M} UTC",
                runbook_path(noun),
            ),
        )
        for noun in ALARMS
        if found.get(names.name(noun), {}).get("StateValue") == "ALARM"
    ]
    missing = [name for name in names.alarms if name not in found]
    return [
        *loud,
        (
            "alarms",
            f"{len(loud)} of {len(found)} in ALARM" + (f"; not there: {', '.join(missing)}" if missing else ""),
        ),
    ]
