r"""The patterns of AWS's service models, which are Java's: `\p{L}` is any letter, `\w` an ASCII one."""

import re
import unicodedata
from functools import cache

# In longer texts, some patterns take long to match. No text of Cognito's with a pattern is longer,
# except tokens and the messages that an administrator writes.
_CHARACTERS_MAX = 2048
# For each category one character beyond ASCII represents all, as the patterns name no other.
_STAND_INS = {"L": "\u00e9", "M": "\u0301", "N": "\u00b2", "P": "\u00ab", "S": "\u20ac", "Z": "\u00a0", "C": "\u0080"}
_CATEGORY = re.compile(r"\\p\{([A-Z])\}")


def matches(text: str, pattern: str) -> bool:
    """Return True for a text that matches the whole pattern."""
    if len(text) > _CHARACTERS_MAX:
        return True
    plain = "".join(c if c.isascii() else _STAND_INS[unicodedata.category(c)[0]] for c in text)
    return _compiled(pattern).fullmatch(plain) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(_CATEGORY.sub(lambda found: _characters(found[1]), pattern), re.ASCII)


def _characters(category: str) -> str:
    """Return the characters of a category, in the form for a pattern's brackets."""
    ascii_ones = (chr(code) for code in range(128) if unicodedata.category(chr(code))[0] == category)
    return re.escape("".join(ascii_ones)) + _STAND_INS[category]
