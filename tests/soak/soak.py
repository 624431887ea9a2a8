"""One soak: places orders, breaks calls, waits for the end and counts."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deployment.local_outputs import read_outputs
from local.run_record import counted_as_undeployed
from local.sign_in import sign_in
from tests.e2e.faults.support.fault_proxy import FaultProxy, redirected
from tests.e2e.faults.support.history import History, violations
from tests.e2e.faults.support.inbox import Inbox
from tests.e2e.faults.support.random_faults import RandomFaults
from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.process_memory import Peak, server_pid, watching
from tests.e2e.support.users import sign_up
from tests.soak.order_placer import OrderPlacer
from tests.soak.report import Report
from tests.soak.waiting_for_end import WaitingForEnd

PROGRESS_SECONDS = 10
# Orders placed but not announced yet. More would only wait in queues for minutes.
MOST_UNFINISHED = 300


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The number of orders and customers, the share of broken calls, and the time limit."""

    orders: int
    seed: int
    share: float
    customers: int
    seconds: float


def soak(plan: Plan, directory: Path, history_file: Path) -> Report:
    """Run the plan on the local run in the folder."""
    outputs, history = read_outputs(directory), History(history_file)
    account, pid = AdministratorAccess(outputs), server_pid(directory)
    faults = RandomFaults(history, share=plan.share, seed=plan.seed, server_pid=pid)
    report = Report(seed=plan.seed, wanted=plan.orders, share=plan.share)
    start = time.monotonic()
    with ExitStack() as stack:
        peak = stack.enter_context(watching(pid))
        inbox = stack.enter_context(Inbox(account, history))
        stack.enter_context(counted_as_undeployed(directory))
        stack.enter_context(_breaking(faults, outputs, account))
        customers = [stack.enter_context(sign_in(outputs, **sign_up(outputs))) for _ in range(plan.customers)]
        placers: list[OrderPlacer] = []

        def may_go_on() -> bool:
            accepted = sum(placer.counts["accepted"] for placer in placers)
            return accepted - inbox.different < MOST_UNFINISHED or time.monotonic() > start + plan.seconds

        placers += [OrderPlacer(one, outputs["graphql_url"], history, plan.seed, may_go_on) for one in customers]
        stack.enter_context(_showing_progress(placers, peak))
        _place(plan, placers)
        report.placing_seconds = time.monotonic() - start
        users = [placer.user for placer in placers]
        ending = WaitingForEnd(account, inbox, users, deadline=start + plan.seconds)
        report.cut_short = ending.wait(_show)
        report.rows = ending.rows()
        ending.wait_for_announcements(report.rows)
        report.seconds = time.monotonic() - start
    report.counts = sum((placer.counts for placer in placers), Counter())
    report.injected, report.calls = faults.injected, faults.calls
    report.announced, report.announced_again = inbox.read, inbox.duplicates
    report.dead_letters = len(account.messages("dead_letter_queue_url", remove=True))
    report.peak_megabytes, report.peak_processes = peak.resident_megabytes, peak.processes
    _judge(report, history)
    return report


def _judge(report: Report, history: History) -> None:
    events = [*history.read(), *report.rows]
    report.violations = violations(events)
    report.payments = Counter(event.status for event in events if event.kind == "charged")


def _place(plan: Plan, placers: list[OrderPlacer]) -> None:
    with ThreadPoolExecutor(len(placers)) as threads:
        shares = [range(first, plan.orders, len(placers)) for first in range(len(placers))]
        for done in [threads.submit(one.place_all, share) for one, share in zip(placers, shares, strict=True)]:
            done.result()


@contextmanager
def _breaking(faults: RandomFaults, outputs: dict[str, Any], account: AdministratorAccess) -> Iterator[None]:
    """Send the functions' calls through the faults. The proxy stores none: there are too many."""
    functions = outputs["functions"]
    with (
        FaultProxy(outputs["aws_endpoint_url"], functions, keep_calls=False) as proxy,
        redirected(account.client("lambda"), functions, proxy),
        proxy.breaking(faults),
    ):
        yield


@contextmanager
def _showing_progress(placers: list[OrderPlacer], peak: Peak) -> Iterator[None]:
    """Print the progress from time to time."""
    done = threading.Event()

    def report_progress() -> None:
        while not done.wait(PROGRESS_SECONDS):
            accepted = sum(placer.counts["accepted"] for placer in placers)
            _show(f"{accepted} orders accepted, at most {peak.resident_megabytes:.0f} MB")

    thread = threading.Thread(target=report_progress, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _show(line: str) -> None:
    print(f"  {line}", flush=True)
