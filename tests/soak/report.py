"""The numbers of a soak, and the promises that they break."""

from collections import Counter
from dataclasses import dataclass, field

from tests.e2e.faults.support.history import Event, Violation

LARGEST_MEGABYTES = 1500
SHOWN = 10


@dataclass(kw_only=True)
class Report:
    """All numbers of a soak."""

    seed: int
    wanted: int
    share: float
    counts: Counter[str] = field(default_factory=Counter)
    injected: Counter[str] = field(default_factory=Counter)
    calls: int = 0
    rows: list[Event] = field(default_factory=list)
    payments: Counter[str] = field(default_factory=Counter)
    violations: list[Violation] = field(default_factory=list)
    announced: int = 0
    announced_again: int = 0
    dead_letters: int = 0
    cut_short: int = 0
    placing_seconds: float = 0
    seconds: float = 0
    peak_megabytes: float = 0
    peak_processes: int = 0

    def broken(self) -> list[str]:
        """List the broken promises; of the orders, only the first few."""
        found = [f"{one.kind}: order {one.id} of {one.user}: {one.what}" for one in self.violations]
        left = len(found) - SHOWN
        found = [*found[:SHOWN], *([f"and {left} more"] if left > 0 else [])]
        if self.counts["accepted"] != self.wanted:
            found.append(f"{self.wanted} orders were to be placed, {self.counts['accepted']} were accepted")
        if len(self.rows) != self.counts["accepted"]:
            found.append(f"{self.counts['accepted']} orders were accepted, there are {len(self.rows)} rows")
        if self.peak_megabytes > LARGEST_MEGABYTES:
            found.append(f"{self.peak_megabytes:.0f} MB of memory, allowed are {LARGEST_MEGABYTES}")
        return found

    def table(self) -> str:
        """List all numbers, one a line."""
        broken = Counter(one.kind for one in self.violations)
        by_status = Counter(row.status for row in self.rows)
        lines: list[tuple[str, object]] = [
            ("orders accepted", self.counts["accepted"]),
            *((f"  {status}", by_status[status]) for status in sorted(by_status)),
            ("lost", broken["lost"]),
            ("not final at the end", broken["unfinished"]),
            ("charged twice", broken["charged twice"]),
            ("final status or PAYING not announced", broken["unannounced"]),
            ("went backwards", broken["went backwards"]),
            ("money that doesn't add up", broken["wrong money"]),
            ("payments written", self.payments.total()),
            *((f"  {result}", self.payments[result]) for result in sorted(self.payments)),
            ("announcements received", self.announced),
            ("  of these again (same announcement_id)", self.announced_again),
            ("calls of the functions to AWS", self.calls),
            (f"  broken ({self.injected.total() / max(1, self.calls):.1%})", self.injected.total()),
            *((f"    {kind}", self.injected[kind]) for kind in sorted(self.injected)),
            *((what, self.counts[what]) for what in sorted(self.counts) if what != "accepted"),
            ("messages in the dead-letter queue", self.dead_letters),
            ("times that waits were cut short", self.cut_short),
            ("orders per second while placing", f"{self.counts['accepted'] / max(0.1, self.placing_seconds):.1f}"),
            ("seconds until all were final and announced", f"{self.seconds:.0f}"),
            ("peak memory of the local run", f"{self.peak_megabytes:.0f} MB, {self.peak_processes} processes"),
            ("seed", self.seed),
        ]
        return "\n".join(f"{name:<45} {value:>10}" for name, value in lines)
