"""Typed and exported values reach the programs unchanged: neither make nor a shell expands them."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from deployment.make_variables import VARIABLES
from deployment.node_variables import OF_NODE
from deployment.repository_paths import ROOT
from tests.unit.support.terminal import run_in_terminal

# These choose, approve or drop something.
ONLY_TYPED = {"APPROVE", "CHANGE_WINDOW", "CONFIRM", "DO", "ENV", "KEEP"}
HOSTILE = [
    *("status; touch touched", "`touch touched`", "$(touch touched)", "x | touch touched", "x && touch touched"),
    *("x\ntouch touched", "x\n\ttouch touched", "x > touched", "& touch touched &"),
    *("'; touch touched; '", '"; touch touched; "', "'", '"', "back\\slash", "at the end\\"),
    *("$(shell touch touched)", "${shell touch touched}", "$$(shell touch touched)", "$(eval $(shell touch touched))"),
    *("$(file >touched)", "$(error ended)", "$(value HOME) ${HOME} $HOME $@ $* $<"),
    *("--output=touched", "-n", "--eval=x", "# no comment", "50% ?= := += != ="),
    *("* ~ [a-z] {a,b}", "é → \u202e", "\x1b[31m"),
]
# Names that make or a shell knows, or that a Makefile could use.
KNOWN = [
    *("PYTHON", "PY", "NODE", "MAKE", "SHELL", ".SHELLFLAGS", "MAKEFILE_LIST", "MAKEOVERRIDES", "VPATH", "CURDIR"),
    *("BASH_ENV", "PS4", "UP", "typed", "@", "*", "<", ".VARIABLES", ".DEFAULT_GOAL", "AWK", "RM", "CC"),
    ".EXTRA_PREREQS",
]
# With these, bash or git would work in another checkout, Python would not start, find others, or check less, and
# Node.js would do something else.
MISLEADING = [
    *OF_NODE,
    "BASHOPTS",
    "BASH_ENV",
    "CDPATH",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_WORK_TREE",
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONEXECUTABLE",
    "PYTHONHASHSEED",
    "PYTHONHOME",
    "PYTHONINSPECT",
    "PYTHONINTMAXSTRDIGITS",
    "PYTHONIOENCODING",
    "PYTHONMALLOC",
    "PYTHONOPTIMIZE",
    "PYTHONPATH",
    "PYTHONPLATLIBDIR",
    "PYTHONSAFEPATH",
    "PYTHONTRACEMALLOC",
    "PYTHONUTF8",
    "PYTHONWARNINGS",
    "PYTHON_GIL",
    "PYTHON_OF_A_LATER_RELEASE",
    "SHELLOPTS",
    "SSLKEYLOGFILE",
]
INSTALLED_FROM = [
    *(
        "requirements/dev.txt",
        "requirements/lambda.txt",
        "package-lock.json",
        "package.json",
        "web/package.json",
        ".npmrc",
    )
]
TARGETS = re.findall(r"^([a-z0-9-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
START = ["-S", "deployment/quiet_start.py", "deployment.run_make_target"]
STAND_IN = '#!/bin/sh\nfor word in "$0" "$@"; do printf "%s\\0" "$word"; done > arguments\nenv -0 > environment\n'
Make = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The real Makefile, with programs that record their arguments and environment."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    scripts = [
        f".ci/{name}" for name in ("check", "test", "lock", "install-python", "install-node", "install-security")
    ]
    for name in (*scripts, ".venv/bin/python", ".venv/bin/ruff", "node_modules/.bin/node"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(STAND_IN)
        (tmp_path / name).chmod(0o755)
    for name in ("say_error", "list-commands.awk"):
        shutil.copy(ROOT / ".ci" / name, tmp_path / ".ci")
    for name in INSTALLED_FROM:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


@pytest.fixture
def make(checkout: Path) -> Make:
    """Run make in the checkout."""

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        own = {key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFLAGS"))}
        inherited = {key: value for key, value in own.items() if key not in VARIABLES}
        return subprocess.run(
            ["make", *arguments],
            cwd=checkout,
            env={**inherited, **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def arguments(checkout: Path) -> list[str]:
    return (checkout / "arguments").read_text().removesuffix("\0").split("\0")


def received(checkout: Path) -> dict[str, str]:
    """Return the environment of the last program that ran."""
    lines = (checkout / "environment").read_text().removesuffix("\0").split("\0")
    return dict(line.split("=", 1) for line in lines)


def touched(checkout: Path) -> bool:
    return any(path.name.startswith("touched") for path in checkout.rglob("*"))


@pytest.mark.parametrize("value", HOSTILE)
def test_what_is_typed_arrives_as_it_is(make: Make, checkout: Path, value: str) -> None:
    done = make("up", *(f"{name}={value}" for name in [*VARIABLES, "UNKNOWN"]))

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert {received(checkout).get(name) for name in [*VARIABLES, "UNKNOWN"]} == {value}
    assert arguments(checkout)[1:] == [*START, "up"]
    assert not touched(checkout)


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("options", [[], ["-e"]], ids=["", "-e"])
def test_what_is_exported_arrives_as_it_is_unless_it_has_to_be_typed(
    make: Make, checkout: Path, value: str, options: list[str]
) -> None:
    done = make(*options, "up", **dict.fromkeys([*VARIABLES, "UNKNOWN"], value))

    given = received(checkout)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert {given.get(name) for name in [*VARIABLES - ONLY_TYPED, "UNKNOWN"]} == {value}
    assert not ONLY_TYPED & given.keys()
    assert arguments(checkout)[1:] == [*START, "up"]
    assert not touched(checkout)


@pytest.mark.parametrize("value", ["touch touched", "; touch touched; $(shell touch touched) $(touch touched)"])
@pytest.mark.parametrize("name", KNOWN)
def test_a_variable_that_make_or_a_shell_knows_changes_nothing(
    make: Make, checkout: Path, name: str, value: str
) -> None:
    make("up", f"{name}={value}")
    typed = arguments(checkout)[1:]
    make("up", **{name: value})
    exported = arguments(checkout)[1:]

    assert [typed, exported] == [[*START, "up"]] * 2
    assert not touched(checkout)


@pytest.mark.parametrize("name", MISLEADING)
@pytest.mark.parametrize("options", [[], ["-e"]], ids=["", "-e"])
def test_what_would_mislead_bash_git_python_or_node_is_left_out(
    make: Make, checkout: Path, name: str, options: list[str]
) -> None:
    make(*options, "up", **{name: f"{checkout}"})
    exported = received(checkout)
    make(*options, "up", f"{name}={checkout}")

    assert name not in exported
    assert name not in received(checkout)


@pytest.mark.parametrize(
    "name",
    [
        *("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_DISABLE_PLUGIN_AUTOLOAD", "PYTEST_TIMEOUT"),
        "PYTEST_OF_A_LATER_RELEASE",
    ],
)
@pytest.mark.parametrize("options", [[], ["-e"]], ids=["", "-e"])
def test_what_pytest_is_told_counts_when_it_is_typed(make: Make, checkout: Path, name: str, options: list[str]) -> None:
    make(*options, "e2e", "ENV=dev", **{name: "--confirm"})
    exported = received(checkout)
    make(*options, "e2e", "ENV=dev", f"{name}=-k 'a b'", **{name: "--confirm"})

    assert name not in exported
    assert received(checkout)[name] == "-k 'a b'"


def test_a_shell_that_runs_nothing_is_no_success(make: Make, checkout: Path) -> None:
    done = make("up", SHELLOPTS="noexec:verbose:xtrace")

    assert arguments(checkout)[1:] == [*START, "up"]
    assert done.stderr == ""


@pytest.mark.parametrize("target", TARGETS)
def test_no_target_lets_a_value_reach_make_or_a_shell(make: Make, checkout: Path, target: str) -> None:
    value = "x; `touch touched`; $(shell touch touched) $$(touch touched)"

    done = make(target, *(f"{name}={value}" for name in [*VARIABLES, "PYTHON", "UNKNOWN"]))

    assert done.returncode == 0, done.stderr
    assert not touched(checkout)


def test_no_recipe_names_a_variable() -> None:
    recipes = [line for line in (ROOT / "Makefile").read_text(encoding="utf-8").splitlines() if line.startswith("\t")]

    named = [line for line in recipes if "$" in re.sub(r"\$[$@*0]", "", line.removeprefix("\t$(RUN)"))]

    assert recipes
    assert named == []


def test_every_recipe_is_run_as_its_failure_is_to_be_told() -> None:
    recipes = [line for line in (ROOT / "Makefile").read_text(encoding="utf-8").splitlines() if line.startswith("\t")]

    assert [line for line in recipes if not line.startswith("\t$(RUN)")] == []


def fail(checkout: Path, code: int, *programs: str) -> None:
    for name in programs:
        (checkout / name).write_text(f"{STAND_IN}echo 'got x, expected y' >&2\nexit {code}\n")


@pytest.mark.parametrize("code", [1, 2, 130])
@pytest.mark.parametrize("options", [[], ["-k"], ["-j3"], ["-s"]], ids=" ".join)
def test_a_failure_ends_with_the_line_of_the_program(make: Make, checkout: Path, code: int, options: list[str]) -> None:
    fail(checkout, code, ".venv/bin/python")

    done = make(*options, "ops", "ENV=dev", "DO=nope")

    assert (done.returncode, done.stdout, done.stderr) == (1, "", "got x, expected y\n")


def test_after_a_failed_installation_nothing_runs(make: Make, checkout: Path) -> None:
    fail(checkout, 1, ".ci/install-python")

    done = make("up", "status")

    assert (done.returncode, done.stdout, done.stderr) == (1, "", "got x, expected y\n")
    assert arguments(checkout) == [".ci/install-python"]


def test_several_targets_run_one_after_the_other(make: Make, checkout: Path) -> None:
    (checkout / ".venv" / "bin" / "python").write_text(f"{STAND_IN}echo $4\n")

    done = make("down", "up", "status")

    assert (done.returncode, done.stdout) == (0, "down\nup\nstatus\n")


@pytest.mark.parametrize("option", ["-n", "--dry-run", "--just-print", "-q", "--question", "-t", "-kn"])
def test_who_asks_make_to_run_nothing_gets_that(make: Make, checkout: Path, option: str) -> None:
    make(option, "up", "deploy", "ENV=prod", "APPROVE=yes")
    make("deploy", "ENV=prod", "APPROVE=yes", MAKEFLAGS=option.replace("--just-print", "n"))

    assert not (checkout / "arguments").exists()


def test_the_programs_hear_nothing_of_this_makes_options(make: Make, checkout: Path) -> None:
    make("-k", "up")

    assert not {"MAKEFLAGS", "MFLAGS"} & received(checkout).keys()


def test_the_commands_are_listed_under_headings(make: Make) -> None:
    parts = make().stdout.strip("\n").split("\n\n")

    headings = [part.splitlines()[0] for part in parts]
    listed = [re.findall(r"^  make (\S+) ", part, re.MULTILINE) for part in parts]
    assert headings == ["Run it here", "Check it", "Measure it", "Check what is deployed", "Change it", "Deploy it"]
    assert [target for targets in listed for target in targets] == TARGETS
    assert max(map(len, listed)) < 10


def test_the_list_of_commands_fits_into_100_columns_and_leaves_no_word_out(make: Make) -> None:
    listed = make().stdout

    described = dict(re.findall(r"^([a-z0-9-]+):.*## (.*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert max(map(len, listed.splitlines())) <= 100
    for target, description in described.items():
        assert f" make {target} {description} " in " ".join(f"{listed} ".split()) + " "


def test_the_typed_environment_is_meant_and_not_the_inherited(make: Make, checkout: Path) -> None:
    make("deploy", "ENV=dev", ENV="prod", APPROVE="yes")

    assert received(checkout)["ENV"] == "dev"
    assert "APPROVE" not in received(checkout)


def test_the_interpreter_is_found_and_not_run_by_a_shell(make: Make, checkout: Path) -> None:
    shutil.copy(ROOT / ".ci" / "install-python", checkout / ".ci")

    refused = [
        *(make("install", f"PYTHON={value}") for value in ("x; touch touched", "touch touched", "eval", "--version")),
        make("install", PYTHON="$(touch touched)"),
    ]

    assert {done.returncode for done in refused} == {1}
    assert [done.stderr.splitlines()[0][:29] for done in refused] == ["PYTHON: there is no program '"] * 5
    assert not touched(checkout)


@pytest.mark.parametrize(
    ("typed", "program"),
    [
        (
            ["ops", "ENV=local", "DO=order show '01K9 4'; touch touched"],
            ["operations", "--env=local", "order", "show", "01K9 4;", "touch", "touched"],
        ),
        (["deploy", "ENV=dev", "APPROVE=yes"], ["deployment.cdktf", "deploy", "dev", "--auto-approve"]),
        (["up", "PORT=$(touch touched)"], ["local", "up", "--port=$(touch touched)"]),
    ],
)
def test_the_program_is_given_arguments_and_no_variables(
    make: Make, checkout: Path, typed: list[str], program: list[str]
) -> None:
    python = checkout / ".venv" / "bin" / "python"
    # The real `deployment.run_make_target` runs, and becomes a program that only records what it was given.
    setup = f"import runpy, os, sys; sys.path.insert(0, {str(ROOT)!r})"
    record = f"os.execv({str(python)!r}, [{str(python)!r}, 'program', module, *sys.argv[1:]])"
    become = f"runpy.run_module = lambda module, **_: {record}"
    imports = "from deployment.run_command import run; from deployment.run_make_target import main"
    code = f"{setup}; {become}; {imports}; run(main)"
    chosen = f'[ "$3" = deployment.run_make_target ] && shift 3 && exec {sys.executable} -c "{code}" "$@"'
    python.write_text(STAND_IN.replace("\n", f"\n{chosen}\n", 1))

    done = make(*typed)

    assert (done.returncode, done.stderr) == (0, "")
    assert arguments(checkout) == [str(python), "program", *program]
    assert not VARIABLES & received(checkout).keys()
    assert not touched(checkout)


@pytest.mark.parametrize("name", ["env", "Env", "do", "pORT", "python", "TYPED", "other"])
@pytest.mark.parametrize("options", [[], ["-e"]], ids=["", "-e"])
def test_a_program_is_told_which_names_were_typed(make: Make, checkout: Path, name: str, options: list[str]) -> None:
    make(*options, "ops", f"{name}=local", "DO=status", port="1", PORT="2", TYPED="env")

    assert set(received(checkout)["TYPED"].split()) == {name, "DO"}


@pytest.mark.parametrize("others", [[], ["GOALS=x"]])
def test_a_program_is_told_all_targets_of_the_call(make: Make, checkout: Path, others: list[str]) -> None:
    make("down", "up", "PORT=4600", *others)

    assert received(checkout)["GOALS"] == "down up"


@pytest.mark.parametrize(
    ("goals", "told"),
    [
        (["nope"], "nope"),
        (["nope", "up"], "nope"),
        (["up", "nope"], "nope"),
        (["ENV", "dev"], "ENV dev"),
        (["x; touch touched"], "x\\; touch touched"),
        (["`touch touched`"], "\\`touch touched\\`"),
        (["*"], "\\*"),
        (["nope\u202e"], "$'nope\\342\\200\\256'"),
        (["\x1b[31mred"], "$'\\E[31mred'"),
    ],
)
def test_a_target_that_is_not_there_is_one_line_that_names_the_list(
    make: Make, checkout: Path, goals: list[str], told: str
) -> None:
    done = make(*goals)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"make: no such target: {told}; `make` lists all there are\n"
    assert not touched(checkout)
    assert not (checkout / "arguments").exists()


def test_an_exported_function_takes_no_programs_place(make: Make, checkout: Path) -> None:
    done = make("nope", **{"BASH_FUNC_printf%%": "() { touch touched; }"})

    assert done.stderr == "make: no such target: nope; `make` lists all there are\n"
    assert not touched(checkout)


def test_the_words_of_ops_without_quotes_run_nothing_and_are_told_where_they_go(make: Make, checkout: Path) -> None:
    done = make("ops", "ENV=dev", "order", "list")

    assert (done.returncode, done.stdout) == (1, "")
    there = 'All that ops is to do is one value: make ops ENV=dev DO="order list"'
    assert done.stderr == f"make: no such target: order list; `make` lists all there are. {there}\n"
    assert not (checkout / "arguments").exists()


@pytest.mark.parametrize(
    ("environment", "is_red"),
    [({"TERM": "xterm"}, True), ({"TERM": "dumb"}, False), ({"TERM": "xterm", "NO_COLOR": "1"}, False)],
)
def test_a_target_that_is_not_there_has_the_colour_of_other_errors_on_a_terminal(
    checkout: Path, environment: dict[str, str], is_red: bool
) -> None:
    received = run_in_terminal(["make", "nope"], folder=checkout, environment={"NO_COLOR": "", **environment})

    line = "make: no such target: nope; `make` lists all there are"
    assert received == (f"\x1b[31m{line}\x1b[0m\r\n" if is_red else f"{line}\r\n")


@pytest.mark.parametrize("value", HOSTILE)
def test_a_target_that_is_not_there_reaches_neither_make_nor_a_shell(make: Make, checkout: Path, value: str) -> None:
    make("--", f"no{value}".replace("=", ""))

    assert not touched(checkout)
