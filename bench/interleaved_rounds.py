"""Measures several things in turns, so that what else the machine does weighs on all of them."""

from collections.abc import Callable, Mapping

from bench.result_tables import Values

Measure = Callable[[], dict[str, float]]
Figures = dict[str, list[float]]


def in_turns(things: Mapping[str, Measure], rounds: int) -> dict[str, Figures]:
    """Measure each thing in turn, round after round; return each one's figures, a value a round."""
    found: dict[str, Figures] = {name: {} for name in things}
    for number in range(rounds):
        names = list(things)[:: 1 if number % 2 else -1]
        for name in names:
            for figure, value in things[name]().items():
                found[name].setdefault(figure, []).append(value)
    return found


def only(figure: str, measured: Mapping[str, Figures]) -> dict[str, Values]:
    """Return one figure of each thing."""
    return {name: figures[figure] for name, figures in measured.items()}
