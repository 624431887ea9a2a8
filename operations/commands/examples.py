"""Examples in --help."""


def example(*commands: str) -> str:
    """The end of a command's help."""
    lines = [f'  make ops ENV=dev DO="{command}"' for command in commands]
    # The first line tells click to leave the lines as they are.
    return "\n".join(["\b", "Example:" if len(commands) == 1 else "Examples:", *lines])
