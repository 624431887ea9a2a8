"""`dead-letters`: hints that failed four times."""

import json
import time
from collections.abc import Iterable, Sequence

import click

from deployment.colours import status_with_tone
from environments.user_error import UserError
from operations import dead_letters as letters_
from operations import moments, orders
from operations.commands.asking import approved, changes, dry_run_only, typed
from operations.commands.columns import count
from operations.commands.examples import example
from operations.commands.target import Target, pass_target
from operations.commands.terminal import say, say_table
from operations.dead_letters import DeadLetter, Progress, held
from operations.environment import Environment
from operations.logs import LogLine, lines
from operations.reasons import order_named, reason

LISTED = 100
message_id = click.argument("message_id")


@click.group("dead-letters")
def dead_letters() -> None:
    """Hints that failed four times. The orders they name are in no danger: sweep sends new hints.

    Looking at dead letters hides them from others for a moment and adds 1 to their receives, which harms nothing there.
    """


@dead_letters.command("list", epilog=example("dead-letters list"))
@click.option("--most", default=LISTED, show_default=True, help="Look at no more than so many.")
@pass_target
def list_(target: Target, most: int) -> None:
    """List dead letters, oldest first, with the reason. SQS chooses which, when there are more than are looked at."""
    environment = target.environment
    with held(environment, most=most) as letters:
        logged = _logged(environment, letters)
    rows = [
        (
            letter.message_id,
            moments.text(letter.sent_at),
            _order_now(environment, letter),
            reason(letter.body, letter.message_id, logged),
        )
        for letter in letters
    ]
    if rows:
        say_table([("MESSAGE", "SENT", "ORDER", "REASON"), *rows])
    more = ", and there may be more: --most looks at more" if len(rows) == most else ""
    say(f"{count(len(rows), 'dead letter')} in {environment.names.dead_letter_queue}{more}")


@dead_letters.command(epilog=example("dead-letters show 2f6e3f0c-6d0c-4b4e-9d8a-0f2f0d6f3a11"))
@message_id
@pass_target
def show(target: Target, message_id: str) -> None:
    """Show one dead letter: what it holds, why it failed, how its order is now."""
    environment = target.environment
    with held(environment) as letters:
        letter = _chosen(environment, letters, message_id)
        logged = _logged(environment, [letter])
    attributes = {name: value.get("StringValue", "(binary)") for name, value in letter.attributes.items()}
    rows = [
        ("message", letter.message_id),
        ("sent", f"{moments.text(letter.sent_at)}, {moments.span(moments.now() - letter.sent_at)} ago"),
        ("came from", letter.came_from or "nobody says: it was put here by hand"),
        ("receives", f"{letter.receives}, those here included"),
        ("attributes", json.dumps(attributes) if attributes else "none"),
        ("body", letter.body),
        ("order", _order_now(environment, letter)),
        ("reason", reason(letter.body, letter.message_id, logged)),
    ]
    say_table(rows)


@dead_letters.command(
    epilog=example("dead-letters redrive --all --dry-run", "dead-letters redrive 2f6e3f0c-6d0c-4b4e-9d8a-0f2f0d6f3a11")
)
@click.argument("message_ids", metavar="[MESSAGE_ID]…", nargs=-1)
@click.option("--all", "all_", is_flag=True, help="Move all of them, with SQS's move task.")
@changes
@pass_target
def redrive(target: Target, message_ids: tuple[str, ...], all_: bool, dry_run: bool, yes: bool) -> None:
    """Put dead letters back on the queue they came from: those named, or all.

    A stop half way loses nothing. At worst a hint comes twice, and the order's row lets only one of them work.
    """
    if bool(message_ids) == all_:
        raise UserError("name the messages to redrive (dead-letters list shows them), or say --all")
    environment = target.environment
    if all_:
        with held(environment) as letters:
            what = _redriving(environment, letters)
        if letters and approved(what, dry_run=dry_run, yes=yes):
            _follow(letters_.redrive_all(environment, pause=lambda: time.sleep(1)))
        elif not letters:
            say(f"{environment.names.dead_letter_queue} is empty.")
        return
    with held(environment) as letters:
        chosen = [_chosen(environment, letters, message_id) for message_id in message_ids]
    if approved(_redriving(environment, chosen), dry_run=dry_run, yes=yes):
        # Held anew: a person may think for longer than SQS hides messages.
        with held(environment) as letters:
            chosen = [_chosen(environment, letters, message_id) for message_id in message_ids]
            _follow(letters_.redrive(environment, chosen))


@dead_letters.command(epilog=example("dead-letters drop 2f6e3f0c-6d0c-4b4e-9d8a-0f2f0d6f3a11"))
@message_id
@changes
@pass_target
def drop(target: Target, message_id: str, dry_run: bool, yes: bool) -> None:
    """Delete one dead letter, for example one of a shape that nobody reads."""
    environment = target.environment
    with held(environment) as letters:
        letter = _chosen(environment, letters, message_id)
    if approved(f"delete message {message_id}: {letter.body}", dry_run=dry_run, yes=yes):
        with held(environment) as letters:
            letters_.drop(environment, _chosen(environment, letters, message_id))
        say("Deleted.")


@dead_letters.command(epilog=example("dead-letters purge"))
@dry_run_only
@pass_target
def purge(target: Target, dry_run: bool) -> None:
    """Delete all dead letters, once the queue's name is typed."""
    environment = target.environment
    name = environment.names.dead_letter_queue
    number = letters_.count(environment, name)["waiting"]
    if typed(f"delete {count(number, 'message')} from {name}", word=name, dry_run=dry_run):  # nosec B608  # no SQL
        letters_.purge(environment)
        say("Purged. SQS takes up to a minute for it.")


def _redriving(environment: Environment, letters: Sequence[DeadLetter]) -> str:
    names = environment.names
    number = count(len(letters), "message") + (" or more" if len(letters) == letters_.MOST else "")
    what = f"move {number} from {names.dead_letter_queue} to {names.queue}"
    poison = sum(order_named(letter.body) is None for letter in letters)
    return what + (f" ({poison} of them no hint of this version: after four receives they are back)" if poison else "")


def _follow(progress: Iterable[Progress]) -> None:
    moved = 0
    for step in progress:
        moved = step.moved
        say(f"  moved {moved} of {step.of}")
    say(f"Moved {count(moved, 'message')}.")


def _chosen(environment: Environment, letters: Sequence[DeadLetter], message_id: str) -> DeadLetter:
    for letter in letters:
        if letter.message_id == message_id:
            return letter
    raise UserError(
        f"no message {message_id} among the {len(letters)} that were looked at in"
        f" {environment.names.dead_letter_queue}; `dead-letters list` shows the ids"
    )


def _logged(environment: Environment, letters: Sequence[DeadLetter]) -> list[LogLine]:
    """Return what start_workflow logged of failed messages since the oldest of these was sent."""
    if not letters:
        return []
    group = environment.names.function_log("start_workflow")
    since = min(letter.sent_at for letter in letters) - moments.MINUTE
    # One search for all: lines about messages that failed have this key, and no others.
    naming = letters[0].message_id if len(letters) == 1 else "message_id"
    return lines(environment, group, naming=naming, since=since, until=moments.now())


def _order_now(environment: Environment, letter: DeadLetter) -> str:
    named = order_named(letter.body)
    if named is None:
        return "-"
    row = orders.read_order(environment, *named)
    return status_with_tone(str(row.get("status")), f"{named[1]} {row.get('status')}") if row else f"{named[1]} is gone"
