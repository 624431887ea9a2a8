"""Commands for one order: find its customer, show its story, and act only if it hasn't moved on."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import click
import pytest
from click.testing import CliRunner

from environments.settings import settings_of
from environments.user_error import UserError
from local.server_process import Server
from operations import environment as opening
from operations import timestamps
from operations.commands import operations
from operations.commands.target_environment import CommandTarget
from operations.commands.user_option import _checked_user_id
from operations.environment import Environment, open_environment
from operations.find_customer import find_customer, find_order
from operations.orders import make_due, read_order
from operations.story_sources import collect_story
from tests.integration.operations.conftest import output_of
from tests.support.order_tables import create_payments_table

ROW: dict[str, Any] = {"user_id": {"S": "u"}, "id": {"S": "o"}, "status": {"S": "PENDING"}, "due_at": {"N": "1000"}}

ULID = "01ARZ3NDEKTSV4RRFFQ69G5FAV"


@pytest.fixture(autouse=True)
def two_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("operations.orders.sweep_setting", lambda *_: "2")


def put(environment: Environment, **more: Any) -> None:
    environment.client("dynamodb").put_item(TableName=environment.names.orders_table, Item={**ROW, **more})


def log(environment: Environment, group: str, *events: dict[str, Any]) -> None:
    logs = environment.client("logs")
    if not logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]:
        logs.create_log_group(logGroupName=group)
    logs.create_log_stream(logGroupName=group, logStreamName="s")
    now = timestamps.now()
    said = [{"timestamp": now + number, "message": json.dumps(event)} for number, event in enumerate(events)]
    logs.put_log_events(logGroupName=group, logStreamName="s", logEvents=said)


def test_an_order_is_made_due_with_so_many_hints_used(orders: Environment) -> None:
    put(orders)
    row = read_order(orders, "u", "o")
    assert row is not None

    after = make_due(orders, row, hints=30)

    assert read_order(orders, "u", "o") == after
    assert after["hints"] == 30
    assert timestamps.now() - 2 * timestamps.MINUTE < after["due_at"] < timestamps.now()


@pytest.mark.parametrize(
    "moved",
    [{"status": {"S": "PAYING"}}, {"due_at": {"N": "2000"}}, {"status": {"S": "PAID"}}],
    ids=["taken", "leased or swept", "paid"],
)
def test_an_order_that_moved_meanwhile_is_not_touched(orders: Environment, moved: dict[str, Any]) -> None:
    put(orders)
    row = read_order(orders, "u", "o")
    assert row is not None
    put(orders, **moved)
    before = read_order(orders, "u", "o")

    with pytest.raises(UserError, match="moved on just now, nothing was changed"):
        make_due(orders, row, hints=0)

    assert read_order(orders, "u", "o") == before


def test_the_customer_is_found_among_the_open_orders(orders: Environment) -> None:
    put(orders, open_shard={"N": "1"})

    assert find_customer(orders, "o", user=None, scan=False) == "u"


def test_the_customer_is_found_in_the_log(orders: Environment) -> None:
    log(orders, orders.names.function_log("start_workflow"), {"order_id": "o", "user_id": "logged"})

    assert find_customer(orders, "o", user=None, scan=False) == "logged"


def test_a_line_that_is_no_json_hides_no_other(orders: Environment) -> None:
    group = orders.names.function_log("start_workflow")
    log(orders, group, {"order_id": "o", "user_id": "logged"})
    others = ["o", '["o"]', '"o" and more', "[" * 20_000 + '"o"']
    said = [{"timestamp": timestamps.now(), "message": message} for message in others]
    orders.client("logs").put_log_events(logGroupName=group, logStreamName="s", logEvents=said)

    assert find_customer(orders, "o", user=None, scan=False) == "logged"


def test_the_customer_of_a_final_order_is_found_by_reading_the_table(orders: Environment) -> None:
    put(orders)

    with pytest.raises(UserError, match="neither open nor in the logs"):
        find_customer(orders, "o", user=None, scan=False)
    assert find_customer(orders, "o", user=None, scan=True) == "u"
    with pytest.raises(UserError, match="no order other in"):
        find_customer(orders, "other", user=None, scan=True)


def test_an_id_that_two_customers_use_is_not_guessed(orders: Environment) -> None:
    put(orders, open_shard={"N": "0"})
    put(orders, user_id={"S": "v"}, open_shard={"N": "1"})

    with pytest.raises(UserError, match="2 customers have an order o: choose one with --user, u, v"):
        find_customer(orders, "o", user=None, scan=False)
    assert find_customer(orders, "o", user="v", scan=False) == "v"


def test_a_story_has_failures_that_do_not_name_the_order(orders: Environment) -> None:
    arn = "arn:aws:states:us-east-1:000000000000:express:m:n:11111111-aaaa"
    events = [
        {"id": "1", "type": "ExecutionStarted", "details": {"input": ULID}, "execution_arn": arn},
        {"id": "2", "type": "ExecutionFailed", "details": {"error": "Broken"}, "execution_arn": arn},
        {"id": "1", "type": "ExecutionFailed", "details": {"error": "Of others"}, "execution_arn": f"{arn[:-1]}b"},
    ]
    log(orders, orders.names.workflow_log, *events)
    log(orders, orders.names.function_log("announce"), {"message": "of v", "user_id": "v", "order_id": ULID})

    found = collect_story(orders, "u", ULID, None, None, hours=1)

    assert [(event.who, event.what) for event in sorted(found)] == [
        ("workflow 11111111", "started"),
        ("workflow 11111111", "failed: Broken"),
    ]


def test_a_story_has_nothing_of_another_customers_order_with_the_same_id(orders: Environment) -> None:
    arn = "arn:aws:states:us-east-1:000000000000:express:m:n:"
    executions = {user: f"{arn}{number * 8}-aaaa" for user, number in (("anna", "1"), ("ben", "2"))}
    events = [
        {"id": id_, "type": type_, "details": details, "execution_arn": execution}
        for user, execution in executions.items()
        for id_, type_, details in (
            ("1", "ExecutionStarted", {"input": json.dumps({"version": 1, "user_id": user, "id": ULID})}),
            ("2", "ExecutionFailed", {"error": f"of {user}"}),
        )
    ]
    log(orders, orders.names.workflow_log, *events)
    key = {"user_id": "ben", "id": ULID}
    log(orders, orders.names.function_log("announce"), {"message": "could not announce", "order_key": key})

    found = collect_story(orders, "anna", ULID, None, None, hours=1)

    assert [event.what for event in sorted(found)] == ["started", "failed: of anna"]


def test_a_run_whose_log_was_not_delivered_is_told_and_was_not_anothers(orders: Environment) -> None:
    arn = "arn:aws:states:us-east-1:000000000000:express:m:n:11111111-aaaa"
    hint = json.dumps({"version": 1, "user_id": "ben", "id": ULID})
    log(
        orders,
        orders.names.workflow_log,
        {"id": "1", "type": "ExecutionStarted", "details": {"input": hint}, "execution_arn": arn},
    )
    started = [{"message": "workflow started", "user_id": user, "order_id": ULID} for user in ("anna", "ben")]
    log(orders, orders.names.function_log("start_workflow"), *started)

    annas, bens = (sorted(collect_story(orders, user, ULID, None, None, hours=1)) for user in ("anna", "ben"))

    assert [(event.who, event.what) for event in annas] == [
        ("start_workflow", "workflow started"),
        ("workflow", "no log of this run"),
    ]
    assert {(event.who, event.what) for event in bens} == {
        ("workflow 11111111", "started"),
        ("start_workflow", "workflow started"),
    }


def test_an_order_is_shown_with_its_traces(orders: Environment) -> None:
    called, paid, announced = (f"1-5759e988-bd862e3fe1be46a99427279{number}" for number in range(3))
    create_payments_table(orders.client("dynamodb"), orders.names.payments_table)
    put(orders, user_id={"S": ANNA}, id={"S": FIRST})
    own = {"user_id": ANNA, "order_id": FIRST}
    for use_case, line in (
        ("start_workflow", {"message": "workflow started", "hint_trace_id": called, "xray_trace_id": paid}),
        ("charge_payment", {"message": "payment", "xray_trace_id": paid}),
        ("announce", {"message": "announced", "xray_trace_id": announced}),
    ):
        log(orders, orders.names.function_log(use_case), own | line, {**own, "user_id": "v", "xray_trace_id": "1-v"})

    lines = output_of(orders, "order", "show", FIRST, "--user", ANNA, "--hours", "87672")

    shown = dict(line.split(maxsplit=2)[1:] for line in lines if line.startswith("trace "))
    assert shown == {called: "hint", paid: "start_workflow, charge_payment", announced: "announce"}
    assert lines[-1].endswith("console.aws.amazon.com/cloudwatch/home?region=eu-central-1#xray:traces/ID")


def test_credentials_of_another_account_are_refused(emulator: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    outputs = {
        "region": emulator.region,
        "aws_endpoint_url": emulator.endpoint_url,
        "access_key_id": emulator.access_key_id,
        "secret_access_key": emulator.secret_access_key,
    }
    local = replace(settings_of("local"), region=emulator.region)
    other = replace(local, account_id="111111111111", state_bucket="state-111111111111")
    monkeypatch.setattr(opening, "read_outputs", lambda _: outputs)
    monkeypatch.setattr(opening, "settings_of", lambda _: local)
    reached = open_environment("local").names

    monkeypatch.setattr(opening, "settings_of", lambda _: other)
    with pytest.raises(UserError, match="local is in account 111111111111, but the credentials are of account 0"):
        open_environment("local")

    assert reached.account_id == "000000000000"


FIRST, SECOND, THIRD = "01ARZ3NDEKTSV4RRFFQ69G5FAV", "01ARZ3NDEKZZV4RRFFQ69G5FAV", "01BRZ3NDEKTSV4RRFFQ69G5FAV"
ANNA, BEN, NOBODY = (f"{number}fad7bc7-2451-4d65-bbe5-7c4b879c227a" for number in range(3))


def placed(environment: Environment, user: str, order_id: str, status: str) -> None:
    is_open = {"open_shard": {"N": "0"}} if status in ("PENDING", "PAYING") else {}
    content = {"quantity": {"N": "2"}, "name": {"S": "Margherita"}, "restaurant_id": {"S": "r"}}
    money = {"total": {"N": "1900"}, "currency": {"S": "EUR"}, "created_at": {"S": "2026-01-01T00:00:00.000Z"}}
    key = {"user_id": {"S": user}, "id": {"S": order_id}, "status": {"S": status}}
    put(environment, **key, **content, **money, **is_open)


@pytest.fixture
def three_orders(orders: Environment) -> Environment:
    """Three orders of one customer and one of another; two of the orders are open."""
    for user, order_id, status in (
        (ANNA, FIRST, "PENDING"),
        (ANNA, SECOND, "PAID"),
        (ANNA, THIRD, "FAILED"),
        (BEN, SECOND, "PAYING"),
    ):
        placed(orders, user, order_id, status)
    return orders


@pytest.mark.parametrize(
    ("arguments", "ids", "end"),
    [
        (["--user", ANNA], [THIRD, SECOND, FIRST], f"3 orders of customer {ANNA}"),
        (["--user", ANNA, "--most", "2"], [THIRD, SECOND], "and there are more: --most shows more"),
        (["--user", ANNA, "--most", "3"], [THIRD, SECOND, FIRST], f"3 orders of customer {ANNA}"),
        (["--user", ANNA, "--status", "paid"], [SECOND], f"1 PAID order of customer {ANNA}"),
        (["--user", NOBODY], [], f"0 orders of customer {NOBODY}"),
        ([], [SECOND, FIRST], "2 open orders"),
        (["--status", "PENDING"], [FIRST], "1 PENDING order"),
        (["--most", "1"], [SECOND], "1 open order, and there are more: --most shows more"),
    ],
)
def test_orders_are_listed_newest_first(
    three_orders: Environment, arguments: list[str], ids: list[str], end: str
) -> None:
    lines = output_of(three_orders, "order", "list", *arguments)

    assert [line.split()[0] for line in lines[1:-1]] == ids
    assert lines[-1].endswith(end)


def test_a_list_fits_a_terminal_and_is_whole_elsewhere(
    three_orders: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert output_of(three_orders, "order", "list", "--user", ANNA)[1].endswith("  2 x Margherita from r")
    monkeypatch.setattr("operations.commands.terminal_io.terminal_width", lambda: 80)
    lines = output_of(three_orders, "order", "list", "--user", ANNA)

    assert max(map(len, lines)) <= 80
    assert "2026-01-01 00:00:…  19.00 EUR  2 x Margher…" in lines[1]


@pytest.mark.parametrize("width", [20, 80, 120])
@pytest.mark.parametrize("command", ["list", "open"])
def test_a_list_shortens_no_id_that_a_command_takes(
    three_orders: Environment, monkeypatch: pytest.MonkeyPatch, command: str, width: int
) -> None:
    monkeypatch.setattr("operations.commands.terminal_io.terminal_width", lambda: width)

    lines = output_of(three_orders, "order", command)[1:-1]

    assert {tuple(line.split()[:2]) for line in lines} == {(FIRST, ANNA), (SECOND, BEN)}


def test_a_list_is_read_as_the_rows_are_now_and_costs_one_partition(three_orders: Environment) -> None:
    asked: list[dict[str, Any]] = []
    dynamodb = three_orders.client("dynamodb")
    dynamodb.meta.events.register("provide-client-params.dynamodb.Query", lambda params, **_: asked.append(params))

    watched = replace(three_orders, client=lambda name: dynamodb if name == "dynamodb" else three_orders.client(name))
    output_of(watched, "order", "list", "--user", ANNA)

    assert [(one["ConsistentRead"], one["KeyConditionExpression"]) for one in asked] == [(True, "user_id = :user")]


def test_final_orders_are_listed_of_one_customer_only(three_orders: Environment) -> None:
    with pytest.raises(UserError) as refused:
        output_of(three_orders, "order", "list", "--status", "PAID")

    assert str(refused.value) == (
        "--status: got PAID without --user, expected PENDING or PAYING:"
        " of orders that are final, only one customer's are listed"
    )


@pytest.mark.parametrize("command", [["list"], ["show", FIRST], ["retry", FIRST], ["fail", FIRST]])
@pytest.mark.parametrize(
    "typed",
    [
        *("anna@example.com", "", "anna", ANNA[:8], f"{ANNA[:8]}…", ANNA[:-1], f"{ANNA}0", f" {ANNA}", f"{ANNA}/1"),
        *(ANNA.replace("-", ""), f"{{{ANNA}}}", f"g{ANNA[1:]}", f"٣{ANNA[1:]}", f"{ANNA[:-2]}ſ0"),
    ],
)  # fmt: skip
def test_what_is_no_whole_id_of_a_customer_is_refused_before_anything_is_asked(
    three_orders: Environment, command: list[str], typed: str
) -> None:
    reached_for: list[str] = []
    watched = replace(three_orders, client=reached_for.append)

    with pytest.raises(UserError) as refused:
        output_of(watched, "order", *command, "--user", typed)

    assert str(refused.value).startswith(f"--user: got {typed!r}, expected a customer's whole id, such as 0fad7bc7-")
    assert reached_for == []


def test_every_command_that_takes_a_customer_checks_the_id() -> None:
    def commands(command: click.Command, *path: str) -> Iterator[tuple[str, click.Command]]:
        for name, one in command.commands.items() if isinstance(command, click.Group) else ():
            yield " ".join((*path, name)), one
            yield from commands(one, *path, name)

    options = {
        (path, option.callback)
        for path, command in commands(operations)
        for option in command.params
        if "--user" in option.opts
    }

    assert {path for path, _ in options} == {"order list", "order show", "order retry", "order fail"}
    assert {check for _, check in options} == {_checked_user_id}


def charge(environment: Environment, user: str, order_id: str) -> None:
    key = {"user_id": {"S": user}, "order_id": {"S": order_id}, "created_at": {"S": "2026-01-01T00:00:00.000Z"}}
    money = {"amount": {"N": "1900"}, "currency": {"S": "EUR"}, "charge_id": {"S": "ch_1"}, "result": {"S": "approved"}}
    environment.client("dynamodb").put_item(TableName=environment.names.payments_table, Item={**key, **money})


@pytest.fixture
def paid_order(orders: Environment) -> Environment:
    """One order of one customer, which is paid and charged."""
    create_payments_table(orders.client("dynamodb"), orders.names.payments_table)
    placed(orders, ANNA, FIRST, "PAID")
    charge(orders, ANNA, FIRST)
    return orders


def test_a_customers_id_in_capitals_is_the_customers(paid_order: Environment) -> None:
    listed = output_of(paid_order, "order", "list", "--user", ANNA.upper())
    shown = output_of(paid_order, "order", "show", FIRST, "--user", ANNA.upper())

    assert listed[-1] == f"1 order of customer {ANNA}"
    assert any(re.fullmatch("payment +approved, 19.00 EUR, ch_1", line) for line in shown)


def show(environment: Environment, *typed: str) -> tuple[list[str], Exception | None]:
    """Run `order show`; return what it printed, and what it refused."""
    target = CommandTarget(environment.names.environment)
    target.__dict__.update(environment=environment, names=environment.names, settings=settings_of("dev"))
    done = CliRunner().invoke(operations, ("order", "show", *typed), obj=target)
    assert done.exception is None or isinstance(done.exception, UserError), done.output
    return done.output.splitlines(), done.exception


def test_under_the_id_of_another_customer_nothing_is_said_of_a_charge(paid_order: Environment) -> None:
    printed, refused = show(paid_order, FIRST, "--user", BEN)

    assert printed[1:4] == [
        f"customer  {BEN}",
        f"status    no row of customer {BEN}: deleted, never accepted, or of another customer",
        f"payment   none on record of customer {BEN}",
    ]
    assert "not charged" not in "\n".join(printed)
    assert str(refused) == (
        f"nothing was found of an order {FIRST} of customer {BEN}:"
        " no row, no payment, no line in the logs, no dead letter, no undelivered announcement"
    )


def test_who_else_has_an_order_of_that_id_is_said_as_far_as_the_logs_go(paid_order: Environment) -> None:
    log(paid_order, paid_order.names.function_log("charge_payment"), {"order_id": FIRST, "user_id": ANNA})

    printed, refused = show(paid_order, FIRST, "--user", BEN)

    assert f"An order of that id is open or in the logs of another customer: --user {ANNA}" in printed
    assert refused is not None


def test_the_story_of_a_deleted_order_is_told(paid_order: Environment) -> None:
    line = {"message": "workflow started", "order_id": SECOND, "user_id": ANNA}
    log(paid_order, paid_order.names.function_log("start_workflow"), line)

    printed, refused = show(paid_order, SECOND, "--user", ANNA)

    assert refused is None
    assert any(line.endswith("start_workflow  workflow started") for line in printed)
    assert not any("another customer: --user" in line for line in printed)


@pytest.mark.parametrize(
    ("typed", "user", "scan", "expected"),
    [
        ("01AR", None, False, (ANNA, FIRST)),
        ("01BR", ANNA, False, (ANNA, THIRD)),
        ("01BR", None, True, (ANNA, THIRD)),
        (FIRST[:25], ANNA, False, (ANNA, FIRST)),
        (THIRD, ANNA, False, (ANNA, THIRD)),
        ("01ar", None, False, (ANNA, FIRST)),
        (THIRD[:25].lower(), ANNA, False, (ANNA, THIRD)),
        (THIRD.lower(), None, True, (ANNA, THIRD)),
    ],
)
def test_the_beginning_of_an_id_is_enough_when_one_order_only_begins_like_that(
    three_orders: Environment, typed: str, user: str | None, *, scan: bool, expected: tuple[str, str]
) -> None:
    placed(three_orders, BEN, SECOND, "PAID")

    assert find_order(three_orders, typed, user=user, scan=scan) == expected


@pytest.mark.parametrize(
    ("typed", "user", "scan", "line"),
    [
        (
            "01AR",
            ANNA,
            False,
            f"2 orders begin with 01AR, type more or say --user:"
            f" {FIRST} of customer {ANNA}, {SECOND} of customer {ANNA}",
        ),
        (
            "01ARZ3NDEKZ",
            None,
            True,
            f"2 orders begin with 01ARZ3NDEKZ, type more or say --user:"
            f" {SECOND} of customer {ANNA}, {SECOND} of customer {BEN}",
        ),
        ("01ZZ", ANNA, False, f"customer {ANNA} has no order that begins with 01ZZ"),
        (
            "01BR",
            None,
            False,
            "no order that begins with 01BR is open or in the logs: say whose it is with --user, or --scan the table",
        ),
    ],
)
def test_the_beginning_of_no_order_or_of_several_is_one_line(
    three_orders: Environment, typed: str, user: str | None, *, scan: bool, line: str
) -> None:
    with pytest.raises(UserError) as refused:
        find_order(three_orders, typed, user=user, scan=scan)

    assert str(refused.value) == line


@pytest.mark.parametrize("scan", [False, True])
@pytest.mark.parametrize("typed", ["01A", f"{FIRST}X", "01IL", "01ARU", "81AR", "81ar", "01-A", "", f"{FIRST[:25]}U"])
def test_what_no_id_begins_with_is_one_line_that_says_what_may_be_typed(
    three_orders: Environment, typed: str, *, scan: bool
) -> None:
    with pytest.raises(UserError) as refused:
        find_order(three_orders, typed, user=None, scan=scan)

    assert str(refused.value) == (
        f"ORDER_ID: got {typed!r}, expected the 26 characters of an order id, or its first 4 or more:"
        " digits and letters without I, L, O and U, the first of them 0 to 7"
    )


def test_the_beginning_of_a_final_order_is_found_in_the_logs(orders: Environment) -> None:
    asked: list[dict[str, Any]] = []
    group = orders.names.function_log("charge_payment")
    log(orders, group, {"order_id": THIRD, "user_id": ANNA}, {"order_id": FIRST, "user_id": BEN})
    logs = orders.client("logs")
    logs.meta.events.register(
        "provide-client-params.cloudwatch-logs.FilterLogEvents", lambda params, **_: asked.append(params)
    )
    watched = replace(orders, client=lambda name: logs if name == "logs" else orders.client(name))

    found = find_order(watched, THIRD[:6], user=None, scan=False)

    assert found == (ANNA, THIRD)
    assert {one["filterPattern"] for one in asked} == {f'{{ $.order_id = "{THIRD[:6]}*" }}'}
    assert {one["startTime"] for one in asked} == {timestamps.prefix_time(THIRD[:6]) - timestamps.DAY}  # type: ignore[operator]


def test_an_order_whose_id_says_a_later_time_is_found_in_the_logs(orders: Environment) -> None:
    later = "7ZZZZZZZZZZZZZZZZZZZZZZZZY"
    log(orders, orders.names.function_log("charge_payment"), {"order_id": later, "user_id": ANNA})

    assert find_order(orders, later, user=None, scan=False) == (ANNA, later)


def test_many_candidates_are_not_all_listed(orders: Environment) -> None:
    for number in range(7):
        placed(orders, ANNA, f"01ARZ3NDEK{number}SV4RRFFQ69G5FA", "PENDING")

    with pytest.raises(UserError) as refused:
        find_order(orders, "01ARZ", user=None, scan=False)

    assert str(refused.value).startswith("7 orders begin with 01ARZ")
    assert str(refused.value).endswith(" and 2 more")


def test_it_is_said_which_order_was_taken(three_orders: Environment) -> None:
    lines = output_of(three_orders, "order", "fail", "01ARZ3NDEKT", "--dry-run")

    assert lines[0] == f"01ARZ3NDEKT is order {FIRST} of customer {ANNA}"
    assert lines[1].startswith(f"Would give up order {FIRST} (PENDING")
