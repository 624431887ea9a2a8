"""Medians, spreads and ratios of what was measured in turns."""

import statistics
from collections.abc import Mapping, Sequence


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the value that so many percent of the values don't exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def told(values: Sequence[float]) -> str:
    """Return the median, with the lowest and the highest."""
    return f"{_number(statistics.median(values))} ({_number(min(values))}-{_number(max(values))})"


def ratios(values: Sequence[float], reference: Sequence[float]) -> list[float]:
    """Return each round's value over the reference's in the same round: what else the machine did weighs on both."""
    return [value / other for value, other in zip(values, reference, strict=True)]


def table(title: str, measured: Mapping[str, Mapping[str, Sequence[float]]]) -> str:
    """Return a Markdown table: a line a figure, a column a run, and for each run but the first its ratio to that."""
    names = list(measured)
    first, others = names[0], names[1:]
    heads = [title, first, *(head for name in others for head in (name, f"{name} / {first}"))]
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    for figure, reference in measured[first].items():
        cells = [figure, told(reference)]
        for name in others:
            values = measured[name][figure]
            cells += [told(values), told(ratios(values, reference))]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
