"""Compare JSON values, and tell the differences that are understood from those that aren't."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

SHOWN_CHARACTERS = 60


class _Nothing:
    def __repr__(self) -> str:
        return "nothing"


NOTHING = _Nothing()


@dataclass(frozen=True)
class OutputDifference:
    """One place in one file where two values differ; `NOTHING` where there is none."""

    file: str
    path: str
    before: Any
    after: Any

    def __str__(self) -> str:
        before, after = _shown(self.before, self.after)
        return f"{self.file}: {self.path or 'the file'}: {before} → {after}"


@dataclass(frozen=True)
class Explanation:
    """A kind of difference that was looked into, and why it does no harm or what to do about it."""

    reason: str
    path: str
    holds: Callable[[Any, Any], bool] = lambda _before, _after: True

    def covers(self, difference: OutputDifference) -> bool:
        """Return True if the difference is of this kind."""
        return bool(re.fullmatch(self.path, difference.path)) and self.holds(difference.before, difference.after)


def compare_values(before: Any, after: Any, *, file: str, path: str = "") -> Iterator[OutputDifference]:
    """Each innermost place where the values differ, by key; `1`, `1.0` and `true` are three values."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted(before.keys() | after.keys()):
            inner = f"{path}.{key}" if path else key
            yield from compare_values(before.get(key, NOTHING), after.get(key, NOTHING), file=file, path=inner)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for position, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from compare_values(one, other, file=file, path=f"{path}[{position}]")
    elif type(before) is not type(after) or before != after:
        yield OutputDifference(file, path, before, after)


def explain(
    differences: Iterable[OutputDifference], explanations: Sequence[Explanation]
) -> tuple[dict[Explanation, list[OutputDifference]], list[OutputDifference]]:
    """The differences by what explains them, and those that nothing explains."""
    explained: dict[Explanation, list[OutputDifference]] = {}
    unexplained = []
    for difference in differences:
        reason = next((one for one in explanations if one.covers(difference)), None)
        if reason:
            explained.setdefault(reason, []).append(difference)
        else:
            unexplained.append(difference)
    return explained, unexplained


def _shown(before: Any, after: Any) -> tuple[str, str]:
    """Both values as JSON, long ones cut to where they part."""
    one, other = (
        repr(value) if value is NOTHING else json.dumps(value, ensure_ascii=False) for value in (before, after)
    )
    if max(len(one), len(other)) <= SHOWN_CHARACTERS:
        return one, other
    parting = next((position for position, pair in enumerate(zip(one, other, strict=False)) if len(set(pair)) > 1), 0)
    start = max(0, parting - SHOWN_CHARACTERS // 2)
    return _cut(one, start), _cut(other, start)


def _cut(text: str, start: int) -> str:
    end = start + SHOWN_CHARACTERS
    return f"{'…' if start else ''}{text[start:end]}{'…' if len(text) > end else ''}"
