"""Medians, spreads and ratios of what was measured in turns, and tables of them in Markdown."""

import statistics
from collections.abc import Iterable, Mapping, Sequence

Values = Sequence[float]


def percentile(values: Values, percent: int) -> float:
    """Return the value that so many percent of the values don't exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def told(values: Values) -> str:
    """Return the median, with the lowest and the highest where there are several values."""
    median = number(statistics.median(values))
    return f"{median} ({number(min(values))}-{number(max(values))})" if len(values) > 1 else median


def ratios(values: Values, reference: Values) -> list[float]:
    """Return each round's value over the reference's in the same round: what else the machine did weighs on both.

    What takes long may be measured in fewer rounds; a reference that was measured once holds for all.
    """
    references = list(reference) * (len(values) if len(reference) == 1 else 1)
    return [value / other for value, other in zip(values, references, strict=False)]


def side_by_side_table(title: str, measured: Mapping[str, Mapping[str, Values]]) -> str:
    """Return a table with a line a figure and a column a thing, and the ratios of the first thing to the others."""
    first, *others = measured
    heads = [title, first, *(head for other in others for head in (other, f"{first} / {other}"))]
    rows = [
        [
            figure,
            told(values),
            *(
                cell
                for other in others
                for cell in (told(measured[other][figure]), told(ratios(values, measured[other][figure])))
            ),
        ]
        for figure, values in measured[first].items()
    ]
    return table(heads, rows)


def compared_table(title: str, measured: Mapping[str, Values], references: Sequence[str]) -> str:
    """Return a table with a line a thing: its figure, and its ratio to each of the references, which are things too."""
    heads = [title, "median (lowest-highest)", *(f"/ {reference}" for reference in references)]
    rows = [
        [thing, told(values), *(told(ratios(values, measured[reference])) for reference in references)]
        for thing, values in measured.items()
    ]
    return table(heads, rows)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def number(value: float) -> str:
    """Return a figure with as many digits as say something."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
