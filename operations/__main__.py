"""The command line: `python -m operations --env dev status`. Whatever stands in the way is one line and exit code 1."""

import sys

import click

from deployment.checkout import LocalRunError
from operations.commands import operations
from operations.refusal import Refused
from operations.troubles import explained


def main(arguments: list[str]) -> int:
    """Run one command; 0 when it did what was asked, 1 when not, 2 when it wasn't understood."""
    try:
        operations.main(arguments, prog_name="python -m operations", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as help_:
        click.echo(help_.ctx.get_help())
        return 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        print("\ninterrupted", file=sys.stderr)
        return 130
    except (Refused, LocalRunError) as error:
        print(error, file=sys.stderr)
        return 1
    except Exception as error:
        line = explained(error)
        if line is None:
            raise
        print(line, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
