"""Texts that aren't JSON, or aren't a JSON object. Every reader must refuse them and go on."""

import json

DEEP = "[" * 20_000
NOT_JSON: dict[str, bytes] = {
    "deep": DEEP.encode(),
    "deep and whole": b"[" * 20_000 + b"]" * 20_000,
    "deep objects": b'{"a":' * 4_000,
    "deep enough for what comes after": b'{"a":' * 400 + b"1" + b"}" * 400,
    "no UTF-8": b'"\xff"',
    "UTF-16": json.dumps({}).encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf{}",
    "half a character": rb'{"a": "\ud800"}',
    "half a character as a name": rb'{"\udfff": 1}',
    "NaN": b'{"a": NaN}',
    "Infinity": b'{"a": -Infinity}',
    "a number without end": b'{"a": 1e400}',
    "a whole number without end": b'{"a": ' + b"1" * 400 + b"}",
    "more digits than Python reads": b'{"a": ' + b"1" * 5_000 + b"}",
    "a control character": b'{"a": "\x00"}',
    "two values": b"{}{}",
    "junk": b"meow",
    "a quote": b'"',
    "a string that doesn't end": b'"' + b"\\" * 9_999,
    "brackets and a string that doesn't end": b"[" * 200 + b'"\\',
}
NO_OBJECTS: dict[str, bytes] = {"null": b"null", "a list": b"[]", "a number": b"1", "a text": b'"{}"', "true": b"true"}
