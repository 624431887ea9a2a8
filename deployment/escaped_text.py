"""Escape what a terminal, or GitHub's runner, would obey in text that others wrote."""

import re
import unicodedata

# Controls with ESC and line breaks, format characters with those of direction and the invisible tags, half characters.
_UNSAFE_TO_SHOW = {"Cc", "Cf", "Cs", "Zl", "Zp"}
# Scripts of Asia and emoji of several parts are written with them.
_JOINERS = "\u200c\u200d"
# The two forms of a workflow command, by which a line of a log can, say, mask a word in all lines that follow.
_COMMAND = re.compile(r"^(\s*):(?=:)|#(?=#\[)")


def visible(text: str) -> str:
    r"""The text as one line, with an escape (`\x1b`, `\n`, `\u202e`) for what a terminal obeys or hides."""
    return "".join(_escaped(character) if is_unsafe_to_show(character) else character for character in text)


def visible_lines(text: str) -> str:
    """A text of several lines, each of them visible; for texts whose line breaks are this program's own.

    None of the lines is a command to GitHub's runner, which reads them in the log of a job.
    """
    return "\n".join(_COMMAND.sub(_without_command, visible(line)) for line in text.split("\n"))


def is_unsafe_to_show(character: str) -> bool:
    """Return True if a terminal, or what else shows text, may obey the character or hide it instead of showing it."""
    return (unicodedata.category(character) in _UNSAFE_TO_SHOW and character not in _JOINERS) or _is_no_character(
        character
    )


def _is_no_character(character: str) -> bool:
    """Unicode sets 66 code points aside that are never characters; its categories mix them with those of the future."""
    point = ord(character)
    return point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF


def _without_command(begin: re.Match[str]) -> str:
    return r"\x23" if begin[1] is None else rf"{begin[1]}\x3a"


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
