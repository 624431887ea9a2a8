"""Print what Terraform or cdktf prints. Texts of a state and of an account are in it."""

import re

from deployment.escaped_text import visible_lines

# Terraform's own, where it can't be told to leave them out. In a text of somebody else's they are left out too.
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def print_line(line: str) -> None:
    """Print a line without colours, and with an escape for what a terminal or GitHub would obey."""
    print(visible_lines(COLOURS.sub("", line)), flush=True)
