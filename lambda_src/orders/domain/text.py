"""Texts that others wrote: which of them a table can have as a key, and how a mail says them."""

import unicodedata

# Controls with ESC and line breaks, format characters with those of direction and the invisible tags, half characters.
_OBEYED = {"Cc", "Cf", "Cs", "Zl", "Zp"}
# Scripts of Asia and emoji of several parts are written with them.
_JOINERS = "\u200c\u200d"


def one_line(text: str) -> str:
    """The text as one line, with a space for each character that what shows a mail would obey or hide."""
    return "".join(" " if is_obeyed(character) else character for character in text).strip()


def is_obeyed(character: str) -> bool:
    """Return True if what shows text may obey the character or hide it; a test compares it with the terminal's."""
    return (unicodedata.category(character) in _OBEYED and character not in _JOINERS) or _is_no_character(character)


def is_unicode(text: str) -> bool:
    """Return True if UTF-8 has the text: JSON can name half a character, which no service takes or stores."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _is_no_character(character: str) -> bool:
    """Unicode sets 66 code points aside that are never characters; its categories mix them with those of the future."""
    point = ord(character)
    return point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF
