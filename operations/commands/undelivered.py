"""`undelivered`: announcements that could not be made."""

from collections.abc import Sequence
from itertools import islice

import click

from environments.user_error import UserError
from operations import timestamps
from operations import undelivered as undelivered_
from operations.commands.columns import count_text
from operations.commands.confirm import confirm_change, confirmation_options
from operations.commands.examples import example
from operations.commands.number_options import most_option
from operations.commands.target_environment import CommandTarget, pass_target
from operations.commands.terminal_io import say, say_json, say_table
from operations.dead_letter_reasons import logged_failure
from operations.environment import Environment
from operations.logs import read_lines
from operations.undelivered_objects import OtherFunctionObject, UndeliveredObject

LISTED = 100


@click.group()
def undelivered() -> None:
    """Announcements that were given up, or can't be read. The orders themselves are not affected."""


@undelivered.command("list", epilog=example("undelivered list"))
@most_option("Show no more than so many.", default=LISTED)
@pass_target
def list_(target: CommandTarget, most: int) -> None:
    """List what is kept, oldest first, with the reason."""
    environment = target.environment
    found = undelivered_.list_objects(environment)
    rows = [_object_row(environment, one) for one in islice(found, most)]
    if rows:
        say_table([("ID", "KEPT", "CHANGES", "REASON"), *rows])
    more = ", and there are more: --most shows more" if any(True for _ in found) else ""
    say(f"{count_text(len(rows), 'failed batch', 'failed batches')} in {environment.names.undelivered}{more}")


@undelivered.command(epilog=example("undelivered show 2026-01-01T00.00.00-2f6e3f0c-6d0c-4b4e-9d8a-0f2f0d6f3a11"))
@click.argument("id_", metavar="ID")
@pass_target
def show(target: CommandTarget, id_: str) -> None:
    """Show one: each change in it, as the table's stream had it."""
    environment = target.environment
    (batch,) = _batches_by_id(environment, [id_])
    rows = [
        ("object", f"{environment.names.undelivered}/{batch.key}"),
        ("kept", timestamps.time_text(batch.kept_at)),
        ("given up", f"{batch.why} after {batch.tries}"),
        ("reason", _reason(environment, batch)),
    ]
    say_table(rows)
    for record in batch.records:
        say_json(record)


@undelivered.command(
    epilog=example(
        "undelivered announce --all --dry-run",
        "undelivered announce 2026-01-01T00.00.00-2f6e3f0c-6d0c-4b4e-9d8a-0f2f0d6f3a11",
    )
)
@click.argument("ids", metavar="[ID]…", nargs=-1)
@click.option("--all", "all_", is_flag=True, help="Announce all of them.")
@confirmation_options
@pass_target
def announce(target: CommandTarget, ids: tuple[str, ...], all_: bool, dry_run: bool, yes: bool) -> None:
    """Announce again what is kept, oldest first: what was named, or all; stop at the first that is refused again.

    One that still can't be read is passed over. An object is removed only after its announcements were made.
    Subscribers who heard one before know it by its announcement_id.
    """
    if bool(ids) == all_:
        raise UserError("name what to announce (undelivered list shows the ids), or say --all")
    environment = target.environment
    chosen = list(undelivered_.list_undelivered(environment)) if all_ else _batches_by_id(environment, ids)
    if not chosen:
        say(f"announce left nothing in {environment.names.undelivered}.")
        return
    changes_ = [f"{c.order_id} {c.after}" for batch in chosen for c in batch.changes]
    what = f"announce {count_text(len(changes_), 'change')} to subscribers and by e-mail: {', '.join(changes_)}"
    if confirm_change(what, dry_run=dry_run, yes=yes):
        passed_over = [batch for batch in chosen if not _announce_batch(environment, batch)]
        if passed_over:
            raise UserError(f"{len(passed_over)} of {len(chosen)} can't be read, and are still kept")


@undelivered.command(epilog=example("undelivered drop 2026-01-01T00.00.00-2f6e3f0c-6d0c-4b4e-9d8a-0f2f0d6f3a11"))
@click.argument("id_", metavar="ID")
@confirmation_options
@pass_target
def drop(target: CommandTarget, id_: str, dry_run: bool, yes: bool) -> None:
    """Remove one that can't be announced any more, for example of a row that was deleted."""
    environment = target.environment
    (batch,) = _batches_by_id(environment, [id_])
    if confirm_change(f"remove {id_}, of which nobody is told: {_changes_text(batch)}", dry_run=dry_run, yes=yes):
        undelivered_.delete_undelivered(environment, batch)
        say("Removed.")


def _announce_batch(environment: Environment, batch: UndeliveredObject) -> bool:
    try:
        undelivered_.announce(environment, batch)
    except UserError as refused:
        if not batch.is_unreadable:
            raise
        say(f"  {refused}")
        return False
    say(f"  announced {_changes_text(batch)}; removed {batch.id}")
    return True


def _changes_text(batch: UndeliveredObject) -> str:
    return ", ".join(f"{change.order_id} {change.after}" for change in batch.changes)


def _batches_by_id(environment: Environment, ids: Sequence[str]) -> list[UndeliveredObject]:
    found = list(undelivered_.list_objects(environment))
    own = [one for one in found if isinstance(one, UndeliveredObject)]
    others = {one.id: one for one in found if isinstance(one, OtherFunctionObject)}
    for id_ in set(ids) - {batch.id for batch in own}:
        if id_ in others:
            raise UserError(
                f"{id_} was left by {others[id_].function}; only what announce left is shown and changed here"
            )
        raise UserError(f"nothing is kept as {id_}; `undelivered list` shows the {len(found)} ids there are")
    return [batch for batch in own if batch.id in ids]


def _object_row(environment: Environment, one: UndeliveredObject | OtherFunctionObject) -> tuple[str, str, str, str]:
    kept_at = timestamps.time_text(one.kept_at)
    if isinstance(one, OtherFunctionObject):
        return one.id, kept_at, "-", f"left by {one.function}, and left alone here: {one.key}"
    changes = ", ".join(f"{change.order_id} {change.before} → {change.after}" for change in one.changes)
    return one.id, kept_at, changes, _reason(environment, one)


def _reason(environment: Environment, batch: UndeliveredObject) -> str:
    """The last that announce logged of the batch's first change."""
    number = batch.changes[0].sequence_number
    since = batch.kept_at - timestamps.DAY
    group = environment.names.function_log("announce")
    said = read_lines(environment, group, naming=number, since=since, until=batch.kept_at + timestamps.MINUTE)
    given_up = f"{batch.why} after {batch.tries}"
    return f"{given_up}, the last: {logged_failure(said[-1])}" if said else given_up
