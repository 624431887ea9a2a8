"""The program of each target of the Makefile, and the values that it gets."""

import re
from pathlib import Path

import pytest

from deployment.make_targets import program, variables_taken
from deployment.make_variables import VARIABLES, MakeVariables, port_of_no_use, refuse_small_letters, refuse_unused
from deployment.repository_paths import ROOT
from deployment.run_make_target import main
from deployment.run_port import FILE_NAME, run_port
from environments.atomic_file import write_atomically
from environments.user_error import UserError

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
RECIPE = "\t$(RUN).venv/bin/python -S deployment/quiet_start.py deployment.run_make_target $@ || exit 1"
RULE = re.compile(rf"^override PROGRAMS := (.+)\n\$\(PROGRAMS\): install\n{re.escape(RECIPE)}$", re.MULTILINE)
HELPED = re.compile(r"^([a-z0-9-]+):(?! install)[a-z ]* ## ", re.MULTILINE)
TIERS = re.findall(r"^override TIERS := (.+)$", MAKEFILE, re.MULTILINE)[0]
TARGETS = RULE.findall(MAKEFILE)[0].replace("$(TIERS)", TIERS).split()
# These have recipes that do something else besides.
OTHERS = ["security", "scale"]
OF_ONE = ["plan", "bootstrap", "delivery", "unlock", "web-deploy", "verify", "e2e"]
OF_ONE_OR_ALL = ["deploy", "destroy"]


def run(target: str, **variables: str) -> str:
    return " ".join(program(MakeVariables(target, variables)))


def refusal(target: str, **variables: str) -> str:
    with pytest.raises(UserError) as refused:
        program(MakeVariables(target, variables))
    said = str(refused.value)
    assert said.isprintable()  # one line, without characters that move the terminal's cursor
    return said


@pytest.mark.parametrize("name", sorted({name.lower() for name in VARIABLES} | {"Env", "sEED", "python"}))
def test_a_variable_in_small_letters_is_one_line_that_says_so(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("TYPED", f"DO {name} other")
    monkeypatch.setenv(name, "one\ntwo")

    with pytest.raises(UserError) as refused:
        main(["status"])

    assert str(refused.value) == (
        rf"{name}: got {name}='one\ntwo'; variables are written in capitals: {name.upper()}=…"
    )


def test_only_a_typed_variable_has_to_be_in_capitals() -> None:
    refuse_small_letters({"TYPED": "ENV DO PYTHON other", "env": "x", "port": "1", "ENV": "dev"})
    refuse_small_letters({"env": "x"})


def unused(typed: str, targets: str, **values: str) -> str:
    with pytest.raises(UserError) as refused:
        call(typed, targets, **values)
    return str(refused.value)


def call(typed: str, targets: str, **values: str) -> None:
    taken = frozenset().union(*map(variables_taken, targets.split()))
    refuse_unused({"TYPED": typed, **values}, targets, taken)


@pytest.mark.parametrize(
    ("targets", "name", "takes"),
    [
        ("cost", "ENV", "no variable"),
        ("up", "ENV", "CHANGE_WINDOW, KEEP, PORT"),
        ("deploy", "LOCK", "APPROVE, ENV"),
        ("down up", "N", "CHANGE_WINDOW, KEEP, PORT"),
        ("test-e2e", "CONFIRM", "no variable"),
        ("check review", "ENV", "BASE, OUTPUT"),
        ("status", "ENV", "no variable: it is for the local run; for others there is `make ops ENV=dev DO=status`"),
    ],
)
def test_a_variable_that_no_target_of_the_call_takes_is_one_line_that_says_which_they_take(
    targets: str, name: str, takes: str
) -> None:
    assert unused(name, targets, **{name: "d\nev"}) == (
        f"{name}: got {name}='d\\nev', but `make {targets}` takes {takes}"
    )


@pytest.mark.parametrize("name", ["PROT", "PORTS", "ENVIRONMENT", "other", "CHANGEWINDOW", "CHANGE_WINDOWS", "GOGC"])
def test_a_name_that_is_no_variable_is_one_line_that_says_where_a_programs_own_is_written(name: str) -> None:
    assert unused(f"ENV {name}", "deploy", ENV="dev", **{name: "5"}) == (
        f"{name}: got {name}='5', but `make deploy` takes APPROVE, ENV;"
        f" a program's own variable is written before make: {name}=… make deploy"
    )


def test_what_a_target_of_the_call_or_a_program_takes_may_be_typed() -> None:
    call("KEEP PORT", "up status", KEEP="yes", PORT="4600")
    call("PORT PYTHON", "down", PORT="4600", PYTHON="python3.13")
    call("ENV AWS_PROFILE ALLOW_REPLACE", "plan", ENV="dev", AWS_PROFILE="me", ALLOW_REPLACE="a.b")
    call("PYTEST_ADDOPTS NO_COLOR ORDERS_CHANGE_WINDOW_SECONDS", "e2e", PYTEST_ADDOPTS="-k x", NO_COLOR="1")
    call("ENV PROT", "status", ENV="", PROT="")
    call("", "status", ENV="dev", PROT="5")


def said_of_port(typed: str, targets: str, actual: int | None, **values: str) -> str | None:
    taken = frozenset().union(*map(variables_taken, targets.split()))
    return port_of_no_use({"TYPED": typed, **values}, taken, actual)


@pytest.mark.parametrize(
    ("targets", "values"),
    [("status", {}), ("down", {}), ("cost", {}), ("down status", {}), ("ops", {"ENV": "local"})],
)
@pytest.mark.parametrize("port", ["4600", "x"])
def test_a_port_that_is_not_the_runs_is_a_line_beside_a_target_that_moves_no_run(
    targets: str, values: dict[str, str], port: str
) -> None:
    assert said_of_port("PORT", targets, 4777, PORT=port, **values) == (
        f"PORT: got '{port}', but the local run has port 4777, and only `make up` and `make demo` move it"
    )


def test_a_port_that_is_the_runs_or_is_taken_or_of_no_run_is_no_line() -> None:
    assert said_of_port("PORT", "status", 4777, PORT="4777") is None
    assert said_of_port("PORT", "down up", 4777, PORT="4600") is None
    assert said_of_port("PORT", "demo", 4777, PORT="4600") is None
    assert said_of_port("PORT ENV", "ops", 4777, PORT="4600", ENV="dev") is None
    assert said_of_port("PORT", "status", None, PORT="4600") is None
    assert said_of_port("PORT", "status", 4777, PORT="") is None
    assert said_of_port("", "status", 4777, PORT="4600") is None


def test_the_port_that_counts_is_said_before_the_program_begins(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_atomically(tmp_path / FILE_NAME, '{"port": 4777}')
    monkeypatch.setattr("deployment.repository_paths.RUN_DIRECTORY", tmp_path)
    monkeypatch.setattr("deployment.run_make_target.end_silently_by_ctrl_c", lambda: None)
    monkeypatch.setattr("runpy.run_module", lambda module, **_: print(module))
    monkeypatch.setattr("sys.argv", ["make"])
    for name, value in {"TYPED": "PORT", "PORT": "4600", "GOALS": "status"}.items():
        monkeypatch.setenv(name, value)

    main(["status"])

    out, err = capsys.readouterr()
    assert out == "local\n"
    assert err.startswith("PORT: got '4600', but the local run has port 4777")


@pytest.mark.parametrize("text", ["", "{", "[]", "4777", '{"port": "4777"}', "{}", None])
def test_a_run_without_a_record_that_says_so_has_no_port(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        write_atomically(tmp_path / FILE_NAME, text)

    assert run_port(tmp_path) is None


@pytest.mark.parametrize(("goals", "target"), [("status", "status"), ("", "status"), ("status cost", "cost")])
def test_a_variable_without_use_is_refused_before_the_program_begins(
    monkeypatch: pytest.MonkeyPatch, goals: str, target: str
) -> None:
    monkeypatch.setenv("TYPED", "ENV")
    monkeypatch.setenv("ENV", "dev")
    monkeypatch.setenv("GOALS", goals)

    with pytest.raises(UserError, match=f"^ENV: got ENV='dev', but `make {goals or target}` takes no variable"):
        main([target])


@pytest.mark.parametrize("target", [*TARGETS, *OTHERS])
def test_every_target_has_its_program(target: str) -> None:
    module, *_ = program(MakeVariables(target, {"ENV": "dev"}))

    assert module == "pytest" or list(ROOT.glob(f"{module.replace('.', '/')}*"))


@pytest.mark.parametrize(
    ("target", "variables", "expected"),
    [
        ("demo", {}, "local demo"),
        ("up", {"PORT": "4600", "KEEP": "yes"}, "local up --port=4600 --keep=yes"),
        ("up", {"CHANGE_WINDOW": "20"}, "local up --change-window=20"),
        ("down", {"KEEP": "no"}, "local down --keep=no"),
        ("status", {"PORT": "x"}, "local status"),
        ("cost", {"ENV": "dev"}, "local.costs"),
        ("soak", {"N": "10", "SEED": "0"}, "tests.soak --orders=10 --seed=0"),
        ("soak", {"N": "", "SEED": ""}, "tests.soak"),
        ("bench", {}, "bench all"),
        ("bench", {"BASE": "no"}, "bench all --base=no"),
        ("bench-laptop", {"N": "5"}, "bench laptop"),
        ("bench-long", {"N": "2000"}, "bench long --orders=2000"),
        ("test-web", {}, "pytest -q tests/web"),
        ("test-unit", {}, "pytest -q tests/unit"),
        ("contracts", {}, "pytest -q -m contract tests/unit tests/synth tests/integration/resolvers"),
        ("iam", {}, "pytest -q --iam tests/e2e/iam"),
        ("security", {"ENV": "dev"}, "pytest -q --security tests/security"),
        ("scale", {}, "scale"),
        ("test-web", {"SCREENSHOTS": "yes"}, "pytest -q --screenshots tests/web"),
        ("synth", {}, "deployment.cdktf synth"),
        ("synth", {"ENV": "dev"}, "deployment.cdktf synth dev"),
        ("diff", {}, "deployment.cdktf diff"),
        ("diff", {"ENV": "all"}, "deployment.cdktf diff all"),
        ("review", {"BASE": "--x", "OUTPUT": "a b"}, "deployment.review --base=--x --output=a b"),
        ("plan", {"ENV": "dev"}, "deployment.plan dev"),
        ("plan", {"ENV": "dev", "LOCK": "true"}, "deployment.plan dev"),
        ("plan", {"ENV": "dev", "LOCK": "false"}, "deployment.plan dev --no-lock"),
        ("deploy", {"ENV": "all", "APPROVE": "no"}, "deployment.cdktf deploy all"),
        ("destroy", {"ENV": "dev", "APPROVE": "yes"}, "deployment.cdktf destroy dev --auto-approve"),
        ("web-deploy", {"ENV": "dev"}, "deployment.page_delivery dev"),
        ("verify", {"ENV": "dev"}, "verify dev"),
        ("verify", {"ENV": "prod", "CONFIRM": "yes"}, "verify prod --confirm"),
        ("e2e", {"ENV": "dev", "CONFIRM": "no"}, "pytest -q --env=dev tests/e2e"),
        ("e2e", {"ENV": "prod", "CONFIRM": "yes"}, "pytest -q --env=prod --confirm tests/e2e"),
        ("ops", {}, "operations --help"),
        ("ops", {"ENV": "dev"}, "operations --env=dev"),
        ("ops", {"ENV": "dev", "DO": "order show 01K9 --hours 1"}, "operations --env=dev order show 01K9 --hours 1"),
    ],
)
def test_a_target_hands_over_what_was_typed(target: str, variables: dict[str, str], expected: str) -> None:
    assert run(target, **variables) == expected


@pytest.mark.parametrize("target", OF_ONE + OF_ONE_OR_ALL)
def test_what_reaches_an_account_needs_an_environment(target: str) -> None:
    assert refusal(target) == f"say which environment of environments.toml: make {target} ENV=dev"


@pytest.mark.parametrize("value", ["nope", "dev; touch x", "--help", "--no-lock", "dev ", "DEV", "de\nv", "../dev"])
@pytest.mark.parametrize("target", [*OF_ONE, *OF_ONE_OR_ALL, "diff", "synth"])
def test_an_environment_that_is_none_is_one_line(target: str, value: str) -> None:
    said = refusal(target, ENV=value)

    assert said.startswith(f"ENV: got {value!r}, expected one of local, dev, staging, prod")


@pytest.mark.parametrize("target", [*OF_ONE, "ops"])
def test_all_is_no_environment_of_what_works_on_one(target: str) -> None:
    assert refusal(target, ENV="all", DO="status").startswith("ENV: got 'all', expected one of")


@pytest.mark.parametrize(
    ("target", "name", "allowed", "wrong"),
    [
        ("deploy", "APPROVE", "yes or no", ["y", "true", "YES", "yes no", "\x1b[2J"]),
        ("verify", "CONFIRM", "yes or no", ["y", "true", "--public"]),
        ("e2e", "CONFIRM", "yes or no", ["y", "-k x"]),
        ("plan", "LOCK", "false or true", ["no", "0", "False", "/var/lock", "false\n"]),
        ("test-web", "SCREENSHOTS", "yes or no", ["1", "--screenshots"]),
        ("soak", "N", "a whole number from 1 to 1000000", ["0", "-1", "abc", "1.5", "1_000", "٣", "9" * 5000]),
        ("soak", "SEED", "a whole number from 0 to 4294967295", ["-1", "abc", " 1", "0x1", "4294967296", "--run=x"]),
    ],
)  # fmt: skip
def test_a_wrong_value_is_one_line_that_names_the_variable(
    target: str, name: str, allowed: str, wrong: list[str]
) -> None:
    for value in wrong:
        said = refusal(target, **{"ENV": "dev", name: value})

        assert said == f"{name}: got {value!r}, expected {allowed}"


def test_the_words_are_split_as_a_shell_does_and_nothing_else_is_done() -> None:
    words = program(
        MakeVariables("ops", {"ENV": "dev", "DO": "a 'b c'; \"d\"\\ e\n`f` $(g) $h | i > j & * # k --envelope"})
    )

    assert words[2:5] == ["a", "b c;", "d e"]
    assert " ".join(words[5:]) == "`f` $(g) $h | i > j & * # k --envelope"


@pytest.mark.parametrize(
    "words",
    [
        *("--env prod status", "--env=prod status", "status --env prod", "order show 1 --env=prod", "--env", "--env="),
        *("--e prod status", "--en=prod status", "-- --env prod", "'--env' prod status", '"--env=prod" status'),
        *("\\--env prod status", "--e'nv' prod status", "\n--env\nprod\nstatus"),
    ],
)  # fmt: skip
def test_no_environment_is_named_among_the_words(words: str) -> None:
    said = refusal("ops", ENV="dev", DO=words)

    assert said.startswith("DO: got '--e")
    assert said.endswith("the environment is named by ENV: make ops ENV=dev DO=…")


@pytest.mark.parametrize("words", ["order show '01K9", 'order show 01K9"', "status \\", "it's"])
def test_quotes_that_do_not_end_are_one_line(words: str) -> None:
    assert refusal("ops", ENV="dev", DO=words).startswith(f"DO: got {words!r}, expected quotes that end")


def test_the_words_alone_name_no_environment() -> None:
    assert refusal("ops", DO="status") == "say which environment of environments.toml: make ops ENV=dev"


def test_every_command_with_a_help_line_and_no_recipe_of_its_own_is_a_program() -> None:
    assert set(HELPED.findall(MAKEFILE)) - {"help", "lock", "clean"} == set(TARGETS) - set(TIERS.split())


@pytest.mark.parametrize("arguments", [[], ["nope"], ["up", "down"]])
def test_what_is_no_target_is_one_line(arguments: list[str]) -> None:
    with pytest.raises(UserError, match="expected a target of the Makefile that takes variables"):
        main(arguments)


def test_every_variable_is_taken_by_a_target() -> None:
    assert frozenset().union(*map(variables_taken, TARGETS)) == VARIABLES
