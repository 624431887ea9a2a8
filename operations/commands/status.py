"""`status`: what is wrong, at a glance."""

import click

from operations import dead_letters, moments, orders
from operations.commands.examples import example
from operations.commands.target import Target, pass_target
from operations.commands.terminal import say, say_table
from operations.environment import Environment
from operations.places import ALARMS


@click.command(epilog=example("status"))
@pass_target
def status(target: Target) -> None:
    """Show queues, dead letters, undelivered announcements, open orders and alarms."""
    environment = target.environment
    places = environment.places
    say(f"{places.name('')[:-1]} in account {places.account_id}, {places.region}")
    say("")
    rows = [*_queues(environment), _undelivered(environment), _open_orders(environment), *_alarms(environment)]
    say_table(rows, indent=2)


def _queues(environment: Environment) -> list[tuple[str, str]]:
    queue = dead_letters.count(environment, environment.places.queue)
    dead = dead_letters.count(environment, environment.places.dead_letter_queue)
    held = f", {dead['at work']} being looked at" if dead["at work"] else ""
    return [
        ("hints", ", ".join(f"{number} {word}" for word, number in queue.items())),
        ("dead letters", f"{dead['waiting']}{held}" + ("   → dead-letters list" if dead["waiting"] else "")),
    ]


def _undelivered(environment: Environment) -> tuple[str, str]:
    answer = environment.client("s3").list_objects_v2(Bucket=environment.places.undelivered)
    number, more = answer.get("KeyCount", 0), "+" if answer.get("IsTruncated") else ""
    return "undelivered", f"{number}{more}" + ("   → undelivered list" if number else "")


def _open_orders(environment: Environment) -> tuple[str, str]:
    due = [order.due_at for order in orders.open_orders(environment)]
    late = moments.now() - min(due, default=moments.now())
    said = (
        f"{len(due)}, the longest due for {moments.span(late)}   → order open" if late >= moments.MINUTE else len(due)
    )
    return "open orders", str(said)


def _alarms(environment: Environment) -> list[tuple[str, str]]:
    places = environment.places
    answer = environment.client("cloudwatch").describe_alarms(AlarmNames=places.alarms)
    found = {alarm["AlarmName"]: alarm for alarm in answer["MetricAlarms"]}
    loud = [
        (
            f"alarm {noun}",
            f"since {found[places.name(noun)]['StateUpdatedTimestamp']:%Y-%m-%d %H:%M} UTC   → docs/runbooks/{noun}.md",
        )
        for noun in ALARMS
        if found.get(places.name(noun), {}).get("StateValue") == "ALARM"
    ]
    missing = [name for name in places.alarms if name not in found]
    return [
        *loud,
        (
            "alarms",
            f"{len(loud)} of {len(found)} in ALARM" + (f"; not there: {', '.join(missing)}" if missing else ""),
        ),
    ]
