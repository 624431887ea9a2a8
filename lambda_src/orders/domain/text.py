"""Texts that customers wrote: those that a table can have as a key, and their form in a mail."""

import unicodedata

# Control characters with ESC and line breaks, format characters with those of direction and the
# invisible tags, surrogates.
_UNSAFE_TO_SHOW = {"Cc", "Cf", "Cs", "Zl", "Zp"}
# Scripts of Asia, and emoji of several parts, need the joiners.
_JOINERS = "\u200c\u200d"


def one_line(text: str) -> str:
    """Return the text as one line.

    A space replaces each character that a mail program or a terminal may obey or hide.
    """
    return "".join(" " if is_unsafe_to_show(character) else character for character in text).strip()


def is_unsafe_to_show(character: str) -> bool:
    """Return True if a mail program or a terminal may obey the character or hide it.

    A test compares this with the rule for terminals.
    """
    return (unicodedata.category(character) in _UNSAFE_TO_SHOW and character not in _JOINERS) or _is_no_character(
        character
    )


def is_unicode(text: str) -> bool:
    """Return True if UTF-8 can encode the text.

    JSON can contain a lone surrogate, which no service accepts or stores.
    """
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _is_no_character(character: str) -> bool:
    """Return True for the 66 code points that Unicode reserves as never being characters.

    Unicode's categories don't tell them from characters of the future.
    """
    point = ord(character)
    return point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF
