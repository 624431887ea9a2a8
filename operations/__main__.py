"""The command line: `python -m operations --env dev status`. Whatever stands in the way is one line and exit code 1."""

import sys
import traceback

import click

from deployment.disk_errors import explain_disk_error
from deployment.run_command import end_as_by_ctrl_c, output_is_closed
from deployment.standard_streams import escape_what_cannot_be_shown, open_closed_streams
from environments.ctrl_c import INTERRUPTED
from environments.user_error import UserError
from operations.aws_errors import explain_error
from operations.commands import operations
from operations.commands.terminal_io import say_error, say_lines

PROGRAM = "python -m operations"
LEADING_WORDS = len(PROGRAM.split())


class MakeUsageFormatter(click.HelpFormatter):
    """Help whose usage is what a person types, for make."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the usage of a command, of which `prog` has the words."""
        words = " ".join([*prog.split()[LEADING_WORDS:], args])
        super().write_usage("make ops ENV=dev", f'DO="{words}"', prefix)


def main(arguments: list[str]) -> int:
    """Run one command; 0 when it did what was asked, 1 when not, 2 when it wasn't understood."""
    open_closed_streams()
    end_as_by_ctrl_c()
    escape_what_cannot_be_shown()
    click.Context.formatter_class = MakeUsageFormatter
    try:
        operations.main(arguments, prog_name=PROGRAM, standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as help_:
        say_lines(help_.ctx.get_help())
        return 0
    except click.ClickException as error:
        say_error(_usage_error_line(error, _typed_environment(arguments)))
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        say_error("interrupted")
        return INTERRUPTED
    except UserError as error:
        say_error(str(error))
        return 1
    except Exception as error:
        if isinstance(error, BrokenPipeError) and output_is_closed():
            return 1
        line = explain_disk_error(error) or explain_error(error)
        for said in [line] if line else traceback.format_exc().rstrip("\n").split("\n"):
            say_error(said)
        return 1
    return 0


def _typed_environment(arguments: list[str]) -> str:
    """Return what was typed for the environment: click forgets it where the rest can't be understood."""
    words = " ".join(arguments).replace("--env=", "--env ").split()
    after = words.index("--env") + 1 if "--env" in words else len(words)
    return words[after] if after < len(words) else "dev"


def _usage_error_line(error: click.ClickException, environment: str) -> str:
    """Return one line, as for all errors: what was typed and isn't allowed, and where that is explained."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    words = context.command_path.split()[LEADING_WORDS:] if context else []
    help_ = " ".join([*words, "--help"])
    message = error.format_message().rstrip(".").replace(". Did you mean", ", did you mean")
    # It may suggest something, and so be a question.
    end = "" if message.endswith("?") else ";"
    return f'{message[0].lower()}{message[1:]}{end} `make ops ENV={environment} DO="{help_}"` says what is allowed'


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
