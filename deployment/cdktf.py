"""Run the pinned cdktf command line: `python -m deployment.cdktf diff local` does `cdktf diff orders-local`.

It has Terraform itself do `deploy` and `destroy` (`deployment.deploy`): cdktf would plan anew after a yes.
"""

import argparse
import subprocess
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import takewhile
from pathlib import Path

from deployment.aws_account import account_of
from deployment.child_environment import child_environment, refuse_variables
from deployment.repository_paths import CDKTF, NODE, ROOT
from deployment.run_command import Confirm, ask, can_ask, run, run_to_its_end
from deployment.terraform import terraform_environment
from deployment.terraform_output import print_line
from environments.names import LOCAL, PAGE, SYSTEM, stack_name
from environments.settings import environment_names
from environments.user_error import UserError

STACKS = (SYSTEM, PAGE)
COMMANDS = ("synth", "diff", "deploy", "destroy")
WITH_TERRAFORM = ("diff", "deploy", "destroy")
SKIP_SYNTH = "--skip-synth"
# The lock is the committed one; cdktf would add what the registry says of another platform.
SKIP_PROVIDER_LOCK = "--skip-provider-lock"


def cdktf_environment(aws: Mapping[str, str]) -> dict[str, str]:
    """The environment of every Terraform and cdktf: what they may inherit, the toolchain's, the account's if any."""
    inherited = child_environment()
    if aws:
        # A profile or session of the user's must not reach a run that has keys and an endpoint of its own.
        inherited = {key: value for key, value in inherited.items() if not key.startswith("AWS_")}
    return {**inherited, **terraform_environment(), "CI": "1", "FORCE_COLOR": "0", **aws}


def run_cdktf(
    arguments: Sequence[str],
    *,
    aws: Mapping[str, str],
    log: Path | None = None,
    on_line: Callable[[str], None] | None = None,
) -> int:
    """Run cdktf in the checkout and return its exit code. It can ask nobody.

    Where it has Terraform do anything, the stacks are prepared before (`Stack.prepare`). Its output goes to the file
    `log`, or line by line to `on_line`, else to the terminal.
    """
    if not NODE.exists() or not CDKTF.exists():
        raise UserError("the npm packages are not installed: run `make install`")
    if arguments and arguments[0] in WITH_TERRAFORM:
        arguments = [*_prepared(arguments, aws=aws), SKIP_PROVIDER_LOCK]
    command = [str(NODE), str(CDKTF), *arguments]
    # CI=1 hides cdktf's question but not its ears: Enter would approve. So it hears nothing.
    environment = cdktf_environment(aws)
    # At Ctrl-C cdktf kills its Terraform. That ends well when it alone hears of it, and cdktf ends then too.
    terraform = Path(environment["TERRAFORM_BINARY_NAME"]).name
    start = partial(run_to_its_end, command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, heard_by=terraform)
    if log is None:
        return start(on_line=on_line or print_line)
    with log.open("w", encoding="utf-8") as output:
        return start(stdout=output, stderr=subprocess.STDOUT)


def main(arguments: Sequence[str], *, confirm: Confirm | None = None) -> int:
    """`<command> [<environment>|all] [options]`; `confirm` asks the user, if there is one.

    `synth` and `diff` take cdktf's own options. The local environment's endpoint comes from its run.
    """
    command, wanted, options = _parsed(arguments)
    refuse_variables()
    if command == "synth":
        if wanted not in ("", "all"):
            stack = stack_name(SYSTEM, wanted)
            print(f"synth writes all environments at once; {stack} is in cdktf.out/stacks/{stack}/")
        return run_cdktf(["synth", *options], aws={})
    # The local environment has an endpoint and keys of its own: `make up` deploys it.
    on_aws = [name for name in environment_names() if name != LOCAL]
    for name in on_aws if wanted in ("", "all") else [wanted]:
        aws = account_of(name)
        if command == "diff":
            if code := _diff(name, options, aws=aws):
                return code
        else:
            # Here, because it needs this module, and AWS's SDK, which takes long to load.
            from deployment.deploy import deploy_or_destroy

            deploy_or_destroy(command, name, options, aws=aws, confirm=confirm)
    return 0


def _diff(environment: str, options: Sequence[str], *, aws: Mapping[str, str]) -> int:
    """Show what would change in the API's stack, and in the page's where the API is deployed."""
    code = run_cdktf(["diff", stack_name(SYSTEM, environment), *options], aws=aws)
    if code or not _page_can_be_planned(environment, options, aws=aws):
        return code
    return run_cdktf(["diff", stack_name(PAGE, environment), *_without_variables(options)], aws=aws)


def _page_can_be_planned(environment: str, options: Sequence[str], *, aws: Mapping[str, str]) -> bool:
    """Return True if the page's stack can be planned; cdktf has written the API's a moment ago."""
    # Here, as above.
    from deployment.environment_stacks import page_can_be_planned
    from deployment.stack import Stack

    stacks = _output(options) / "stacks"
    names = [stack_name(noun, environment) for noun in STACKS]
    system, page = (Stack(name, stacks / name, aws) for name in names)
    return page_can_be_planned(system, page)


def _prepared(arguments: Sequence[str], *, aws: Mapping[str, str]) -> list[str]:
    """The arguments for a cdktf whose stacks are synthesized by then, and ready for Terraform."""
    from deployment.stack import Stack, synthesize  # here, as above

    output = _output(arguments)
    names = list(takewhile(lambda argument: not argument.startswith("-"), arguments[1:]))
    if SKIP_SYNTH not in arguments:
        synthesize(output, *_environments_of(names))
    for name in names:
        stack = Stack(name, output / "stacks" / name, aws)
        if not stack.file.exists():
            raise UserError(f"{stack.name} isn't synthesized in {output}: leave {SKIP_SYNTH} out")
        stack.prepare()
    return [*(argument for argument in arguments if argument != SKIP_SYNTH), SKIP_SYNTH]


def _environments_of(stacks: Sequence[str]) -> list[str]:
    """The environments that the stacks belong to, by their names."""
    return [name for name in environment_names() if any(stack.endswith(f"-{name}") for stack in stacks)]


def _output(options: Sequence[str]) -> Path:
    """The folder that cdktf's options name for what is synthesized."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("-o", "--output", default="cdktf.out")
    return ROOT / str(parser.parse_known_args(options)[0].output)


def _without_variables(options: Sequence[str]) -> list[str]:
    """The options without `--var name=value`: the page's stack has none, and Terraform refuses what it doesn't know."""
    kept: list[str] = []
    skip = False
    for option in options:
        if not skip and option != "--var" and not option.startswith("--var="):
            kept.append(option)
        skip = option == "--var" and not skip
    return kept


def _parsed(arguments: Sequence[str]) -> tuple[str, str, list[str]]:
    command, *options = arguments or [""]
    if command not in COMMANDS:
        raise UserError(f"the commands are {', '.join(COMMANDS)}; got {command or 'none'}")
    wanted = options.pop(0) if options and not options[0].startswith("-") else ""
    names = ", ".join(environment_names())
    if wanted not in ("", "all", *environment_names()):
        raise UserError(f"ENV={wanted} is not in environments.toml; it has {names}, or say all")
    if not wanted and command in ("deploy", "destroy"):
        raise UserError(f"{command} needs an environment: {names}, or say all")
    return command, wanted, options


if __name__ == "__main__":
    run(partial(main, confirm=ask if can_ask() else None))
