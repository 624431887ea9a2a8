"""The findings of a verification, for a terminal and for `.build/verify-<environment>.md`."""

import html
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from deployment.escaped_text import visible

SCRUBBED = "(left out)"
# A token, or headers with one, in whichever encoding: no word is that long.
TOKEN_LIKE = re.compile(r"[A-Za-z0-9+/=_.-]{100,}")
MARKDOWN = re.compile(r"([\\`*_\[\]~])")


class Verdict(Enum):
    """An answer as against what was expected. Only BROKEN is a failure: the code works under every other one."""

    EXPECTED = "as expected"
    WORKS = "the code works; which reading holds isn't visible"
    OTHER = "not as expected; the code works"
    BROKEN = "not as expected; the code doesn't work"
    NOT_ASKED = "not asked"


@dataclass(frozen=True)
class QuestionAnswer:
    """An answer of the account, and its meaning."""

    said: str
    verdict: Verdict


@dataclass(frozen=True)
class AnsweredQuestion:
    """A question with its answer, as a report has it."""

    id: str
    behaviour: str
    expected: str
    answer: QuestionAnswer


@dataclass(frozen=True)
class VerificationStep:
    """A step of the story, what came of it, and when that was, in seconds since the start."""

    name: str
    said: str
    seconds: float


@dataclass
class VerificationReport:
    """One verification of one environment; texts that name a person or a token are left out of it."""

    environment: str
    began: str
    by: str
    steps: list[VerificationStep] = field(default_factory=list)
    # The step that failed, and why; None when the story came to its end.
    failure: str | None = None
    answers: list[AnsweredQuestion] = field(default_factory=list)
    # What the verification made and couldn't remove; it failed unless that was meant.
    left: list[str] = field(default_factory=list)
    is_clean: bool = True
    secrets: list[str] = field(default_factory=list)
    # The other open questions, and why a verification can't ask them.
    unaskable: Mapping[str, str] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        """1 when the story or the cleaning failed, or when the code doesn't work as the account behaves."""
        broken = any(one.answer.verdict is Verdict.BROKEN for one in self.answers)
        return int(self.failure is not None or broken or not self.is_clean)

    @property
    def conclusion(self) -> str:
        """One line."""
        if self.failure is not None:
            return f"{self.environment} doesn't work: {self.scrubbed(self.failure)}"
        verdicts = Counter(one.answer.verdict for one in self.answers)
        counted = [f"{verdicts[one]} × {one.value}" for one in Verdict if verdicts[one]]
        return "; ".join([f"{self.environment} works, from sign-up to PAID", *counted])

    def scrubbed(self, text: str) -> str:
        """Return the text as one line, visible, and without what must not be told."""
        for secret in self.secrets:
            text = text.replace(secret, SCRUBBED)
        return visible(" ".join(TOKEN_LIKE.sub(SCRUBBED, text).split()))

    def markdown(self) -> str:
        """Return the page."""
        steps = [(step.name, self._foreign(step.said), f"{step.seconds:.1f} s") for step in self.steps]
        if self.failure is not None:
            steps.append(("**failed**", self._foreign(self.failure), ""))
        answers = [
            (f"`{one.id}`", one.behaviour, one.expected, self._foreign(one.answer.said), one.answer.verdict.value)
            for one in self.answers
        ]
        parts = [
            f"# Verification of {self.environment}",
            f"{self.began}, by {self.by}. {self._foreign(self.conclusion)}.",
            "## The story",
            self._table(("step", "what happened", "after"), steps),
            "## What only an account can answer",
            self._table(("id", "behaviour", "expected", "what the account did", "verdict"), answers)
            if answers
            else "Nothing was asked, because the story didn't come to its end.",
            "These can't be asked so:\n\n" + "\n".join(f"- `{id_}`: {why}" for id_, why in self.unaskable.items()),
            "## What is left",
            "\n".join(f"- {self._foreign(line)}" for line in self.left) or "Nothing.",
        ]
        return "\n\n".join(parts) + "\n"

    def _foreign(self, text: str) -> str:
        """Return a text that isn't this program's own as neither HTML nor Markdown."""
        return MARKDOWN.sub(r"\\\1", html.escape(self.scrubbed(text), quote=False))

    def _table(self, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
        lines = [head, ["---"] * len(head), *rows]
        return "\n".join("| " + " | ".join(self._cell(cell) for cell in line) + " |" for line in lines)

    def _cell(self, text: str) -> str:
        return self.scrubbed(text).replace("|", "\\|")
