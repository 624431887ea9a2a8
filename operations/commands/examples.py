"""Examples in --help."""

import textwrap

WIDTH = 100


def example(*commands: str) -> str:
    """The end of a command's help."""
    lines = [_pasteable(f'make ops ENV=dev DO="{command}"') for command in commands]
    # The first line tells click to leave the lines as they are.
    return "\n".join(["\b", "Example:" if len(commands) == 1 else "Examples:", *lines])


def _pasteable(typed: str) -> str:
    """Wrap what is typed, so that a shell reads the lines as one."""
    broken = textwrap.wrap(
        typed,
        width=WIDTH - len(" \\") - 2,  # click indents it
        initial_indent="  ",
        subsequent_indent="      ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    return " \\\n".join(broken)
