"""The command line: `python -m operations --env dev status`. Whatever stands in the way is one line and exit code 1."""

import io
import sys
import traceback

import click

from environments.user_error import UserError
from operations.commands import operations
from operations.commands.terminal import say, say_lines
from operations.troubles import explained


def main(arguments: list[str]) -> int:
    """Run one command; 0 when it did what was asked, 1 when not, 2 when it wasn't understood."""
    try:
        operations.main(arguments, prog_name="python -m operations", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as help_:
        say_lines(help_.ctx.get_help())
        return 0
    except click.ClickException as error:
        shown = io.StringIO()
        error.show(shown)
        say_lines(shown.getvalue().rstrip("\n"), error=True)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        say_lines("\ninterrupted", error=True)
        return 130
    except UserError as error:
        say(str(error), error=True)
        return 1
    except Exception as error:
        line = explained(error)
        if line is None:
            say_lines(traceback.format_exc().rstrip("\n"), error=True)
        else:
            say(line, error=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
