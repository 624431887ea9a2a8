"""The variables that a person types for make, checked: one line says what was received and what is allowed."""

import re
import shlex
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from environments.names import LOCAL
from environments.settings import environment_names
from environments.user_error import UserError

# Which of them count only when they are typed, and not when they are inherited, is in the Makefile.
VARIABLES = frozenset(
    [
        "APPROVE",
        "BASE",
        "CHANGE_WINDOW",
        "CONFIRM",
        "DO",
        "ENV",
        "KEEP",
        "LOCK",
        "N",
        "OUTPUT",
        "PORT",
        "SCREENSHOTS",
        "SEED",
    ]
)
ENVIRONMENT = "--env"
# Their values are the names of the variables that were typed, and the targets.
TYPED, GOALS = "TYPED", "GOALS"
# These say by which Python everything runs and where the local run is, and may stand beside any target. Only `up` and
# `demo` move a run: beside others its own port counts, and a line says so when another is typed.
ANYWHERE = frozenset(["PORT", "PYTHON"])
# Of two names that are so alike, one is the other misspelt.
ALIKE = 0.75


def whole_number(name: str, text: str, *, least: int, most: int) -> int:
    """Return the number that the text is; `name` is where it was typed."""
    if not re.fullmatch("[0-9]{1,10}", text) or not least <= int(text) <= most:
        raise UserError(f"{name}: got {text!r}, expected a whole number from {least} to {most}")
    return int(text)


def refuse_small_letters(values: Mapping[str, str]) -> None:
    """Raise UserError when one of the variables was typed in other letters than capitals: make knows it as another."""
    for name in sorted(values.get(TYPED, "").split()):
        if name != name.upper() and name.upper() in (*VARIABLES, "PYTHON"):
            raise UserError(
                f"{name}: got {name}={values.get(name, '')!r}; variables are written in capitals: {name.upper()}=…"
            )


def refuse_unused(values: Mapping[str, str], targets: str, taken: Collection[str]) -> None:
    """Raise UserError when a variable was typed that none of the targets takes: it would change nothing."""
    for name in sorted(values.get(TYPED, "").split()):
        value = values.get(name)
        if not value or name in taken or name in ANYWHERE or _may_be_of_a_program(name):
            continue
        what = f"`make {targets}` takes {', '.join(sorted(taken)) or 'no variable'}"
        if name == "ENV" and "status" in targets.split():
            what += ": it is for the local run; for others there is `make ops ENV=dev DO=status`"
        elif name not in VARIABLES:
            what += f"; a program's own variable is written before make: {name}=… make {targets}"
        raise UserError(f"{name}: got {name}={value!r}, but {what}")


def port_of_no_use(values: Mapping[str, str], taken: Collection[str], run_port: int | None) -> str | None:
    """Return a line that says so when a port was typed that isn't the local run's, where no target takes one."""
    port = values.get("PORT") if "PORT" in values.get(TYPED, "").split() else None
    is_of_local_run = "ENV" not in taken or values.get("ENV") == LOCAL
    if not port or "PORT" in taken or not is_of_local_run or run_port is None or port == str(run_port):
        return None
    return f"PORT: got {port!r}, but the local run has port {run_port}, and only `make up` and `make demo` move it"


def _may_be_of_a_program(name: str) -> bool:
    """Return True for a name such as AWS_PROFILE, unless it looks like a misspelt one of ours."""
    return "_" in name and name not in VARIABLES and not get_close_matches(name, VARIABLES, n=1, cutoff=ALIKE)


def one_of(name: str, text: str, allowed: tuple[str, ...]) -> str:
    """Return the text if it is one of those allowed; `name` is where it was typed."""
    if text not in allowed:
        raise UserError(f"{name}: got {text!r}, expected {' or '.join(allowed)}")
    return text


@dataclass(frozen=True)
class MakeVariables:
    """The variables of one call of make, for one target. An empty one is as good as none."""

    target: str
    values: Mapping[str, str]

    def option(self, option: str, name: str) -> list[str]:
        """Hand the value over as it is; the program checks it. One argument, so that no value is an option."""
        return [f"{option}={self.values[name]}"] if self.values.get(name) else []

    def number(self, option: str, name: str, *, least: int, most: int) -> list[str]:
        """Hand over a whole number."""
        text = self.values.get(name)
        return [f"{option}={whole_number(name, text, least=least, most=most)}"] if text else []

    def flag(self, option: str, name: str, *, when: str, otherwise: str) -> list[str]:
        """Return the option when the variable has the one of two values."""
        text = one_of(name, self.values.get(name) or otherwise, (when, otherwise))
        return [option] if text == when else []

    def environment(self, *others: str) -> str:
        """Return the environment of environments.toml that ENV names, or one of the other words."""
        text, names = self.values.get("ENV"), (*environment_names(), *others)
        if not text:
            raise UserError(f"say which environment of environments.toml: make {self.target} ENV=dev")
        if text not in names:
            raise UserError(f"ENV: got {text!r}, expected one of {', '.join(names)} (environments.toml)")
        return text

    def environment_or_all(self) -> list[str]:
        """Return the environment that ENV names, if it names one."""
        return [self.environment("all")] if self.values.get("ENV") else []

    def words(self) -> list[str]:
        """Return the words of DO, split as a shell would; the environment isn't named among them."""
        text = self.values.get("DO", "")
        try:
            words = shlex.split(text)
        except ValueError as error:
            raise UserError(f"DO: got {text!r}, expected quotes that end and no \\ at the end ({error})") from error
        for word in words:
            name = word.partition("=")[0]
            if len(name) > 2 and ENVIRONMENT.startswith(name):
                raise UserError(f"DO: got {word!r}; the environment is named by ENV: make {self.target} ENV=dev DO=…")
        return words
