"""`dead-letters`: hints that failed four times."""

import json
import time
from collections.abc import Iterable, Sequence

import click

from deployment.colours import status_with_tone
from environments.user_error import UserError
from operations import dead_letters as letters_
from operations import orders, timestamps
from operations.commands.columns import count_text
from operations.commands.confirm import confirm_by_word, confirm_change, confirmation_options, dry_run_option
from operations.commands.examples import example
from operations.commands.number_options import most_option
from operations.commands.target_environment import CommandTarget, pass_target
from operations.commands.terminal_io import say, say_table
from operations.dead_letter_reasons import failure_reason, hinted_order
from operations.dead_letters import DeadLetter, RedriveProgress, hold_dead_letters
from operations.environment import Environment
from operations.logs import LogLine, read_lines

LISTED = 100
message_id = click.argument("message_id")


@click.group("dead-letters")
def dead_letters() -> None:
    """Hints that failed four times. The orders they name are in no danger: sweep sends new hints.

    Looking at dead letters hides them from others for a moment and adds 1 to their receives, which harms nothing there.
    """


@dead_letters.command("list", epilog=example("dead-letters list"))
@most_option("Look at no more than so many.", default=LISTED, upper_bound=letters_.MOST)
@pass_target
def list_(target: CommandTarget, most: int) -> None:
    """List dead letters, oldest first, with the reason. SQS chooses which, when there are more than are looked at."""
    environment = target.environment
    with hold_dead_letters(environment, most=most) as letters:
        logged = _logged_failures(environment, letters)
    rows = [
        (
            letter.message_id,
            timestamps.time_text(letter.sent_at),
            _order_status(environment, letter),
            failure_reason(letter.body, letter.message_id, logged),
        )
        for letter in letters
    ]
    if rows:
        say_table([("MESSAGE", "SENT", "ORDER", "REASON"), *rows])
    more = ", and there may be more: --most looks at more" if len(rows) == most else ""
    say(f"{count_text(len(rows), 'dead letter')} in {environment.names.dead_letter_queue}{more}")


@dead_letters.command(epilog=example("dead-letters show 2f6e3f0c-6d0c-4b4e-9d8a-0f2f0d6f3a11"))
@message_id
@pass_target
def show(target: CommandTarget, message_id: str) -> None:
    """Show one dead letter: what it holds, why it failed, how its order is now."""
    environment = target.environment
    with hold_dead_letters(environment) as letters:
        letter = _letter_by_id(environment, letters, message_id)
        logged = _logged_failures(environment, [letter])
    age = timestamps.duration_text(timestamps.now() - letter.sent_at)
    attributes = {name: value.get("StringValue", "(binary)") for name, value in letter.attributes.items()}
    rows = [
        ("message", letter.message_id),
        ("sent", f"{timestamps.time_text(letter.sent_at)}, {age} ago"),
        ("came from", letter.came_from or "nobody says: it was put here by hand"),
        ("receives", f"{letter.receives}, those here included"),
        ("attributes", json.dumps(attributes) if attributes else "none"),
        ("body", letter.body),
        ("order", _order_status(environment, letter)),
        ("reason", failure_reason(letter.body, letter.message_id, logged)),
    ]
    say_table(rows)


@dead_letters.command(
    epilog=example("dead-letters redrive --all --dry-run", "dead-letters redrive 2f6e3f0c-6d0c-4b4e-9d8a-0f2f0d6f3a11")
)
@click.argument("message_ids", metavar="[MESSAGE_ID]…", nargs=-1)
@click.option("--all", "all_", is_flag=True, help="Move all of them, with SQS's move task.")
@confirmation_options
@pass_target
def redrive(target: CommandTarget, message_ids: tuple[str, ...], all_: bool, dry_run: bool, yes: bool) -> None:
    """Put dead letters back on the queue they came from: those named, or all.

    A stop half way loses nothing. At worst a hint comes twice, and the order's row lets only one of them work.
    """
    if bool(message_ids) == all_:
        raise UserError("name the messages to redrive (dead-letters list shows them), or say --all")
    environment = target.environment
    if all_:
        with hold_dead_letters(environment) as letters:
            what = _redrive_text(environment, letters)
        if letters and confirm_change(what, dry_run=dry_run, yes=yes):
            _show_progress(letters_.redrive_all(environment, pause=lambda: time.sleep(1)))
        elif not letters:
            say(f"{environment.names.dead_letter_queue} is empty.")
        return
    with hold_dead_letters(environment) as letters:
        chosen = [_letter_by_id(environment, letters, message_id) for message_id in message_ids]
    if confirm_change(_redrive_text(environment, chosen), dry_run=dry_run, yes=yes):
        # Held anew: a person may think for longer than SQS hides messages.
        with hold_dead_letters(environment) as letters:
            chosen = [_letter_by_id(environment, letters, message_id) for message_id in message_ids]
            _show_progress(letters_.redrive(environment, chosen))


@dead_letters.command(epilog=example("dead-letters drop 2f6e3f0c-6d0c-4b4e-9d8a-0f2f0d6f3a11"))
@message_id
@confirmation_options
@pass_target
def drop(target: CommandTarget, message_id: str, dry_run: bool, yes: bool) -> None:
    """Delete one dead letter, for example one of a shape that nobody reads."""
    environment = target.environment
    with hold_dead_letters(environment) as letters:
        letter = _letter_by_id(environment, letters, message_id)
    if confirm_change(f"delete message {message_id}: {letter.body}", dry_run=dry_run, yes=yes):
        with hold_dead_letters(environment) as letters:
            letters_.delete_dead_letter(environment, _letter_by_id(environment, letters, message_id))
        say("Deleted.")


@dead_letters.command(epilog=example("dead-letters purge"))
@dry_run_option
@pass_target
def purge(target: CommandTarget, dry_run: bool) -> None:
    """Delete all dead letters, once the queue's name is typed."""
    environment = target.environment
    name = environment.names.dead_letter_queue
    number = letters_.count_messages(environment, name)["waiting"]
    if confirm_by_word(f"delete {count_text(number, 'message')} from {name}", word=name, dry_run=dry_run):  # nosec B608  # no SQL
        letters_.purge_dead_letters(environment)
        say("Purged. SQS takes up to a minute for it.")


def _redrive_text(environment: Environment, letters: Sequence[DeadLetter]) -> str:
    names = environment.names
    number = count_text(len(letters), "message") + (" or more" if len(letters) == letters_.MOST else "")
    what = f"move {number} from {names.dead_letter_queue} to {names.queue}"
    poison = sum(hinted_order(letter.body) is None for letter in letters)
    return what + (f" ({poison} of them no hint of this version: after four receives they are back)" if poison else "")


def _show_progress(progress: Iterable[RedriveProgress]) -> None:
    moved = 0
    for step in progress:
        moved = step.moved
        say(f"  moved {moved} of {step.total}")
    say(f"Moved {count_text(moved, 'message')}.")


def _letter_by_id(environment: Environment, letters: Sequence[DeadLetter], message_id: str) -> DeadLetter:
    for letter in letters:
        if letter.message_id == message_id:
            return letter
    raise UserError(
        f"no message {message_id} among the {len(letters)} that were looked at in"
        f" {environment.names.dead_letter_queue}; `dead-letters list` shows the ids"
    )


def _logged_failures(environment: Environment, letters: Sequence[DeadLetter]) -> list[LogLine]:
    """Return what start_workflow logged of failed messages since the oldest of these was sent."""
    if not letters:
        return []
    group = environment.names.function_log("start_workflow")
    since = min(letter.sent_at for letter in letters) - timestamps.MINUTE
    # One search for all: lines about messages that failed have this key, and no others.
    naming = letters[0].message_id if len(letters) == 1 else "message_id"
    return read_lines(environment, group, naming=naming, since=since, until=timestamps.now())


def _order_status(environment: Environment, letter: DeadLetter) -> str:
    named = hinted_order(letter.body)
    if named is None:
        return "-"
    row = orders.read_order(environment, *named)
    return status_with_tone(str(row.get("status")), f"{named[1]} {row.get('status')}") if row else f"{named[1]} is gone"
