"""Values in JSON, as handlers read and write them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True)
class JsonText:
    """A value as JSON: what one handler wrote, the next one reads as it is."""

    text: str

    @classmethod
    def of(cls, value: Any) -> Self:
        """Write a value."""
        return cls(json.dumps(value))

    def read(self) -> Any:
        """Return the value."""
        return json.loads(self.text)


def object_text(members: Mapping[str, Any]) -> str:
    """Return the JSON of an object whose members may be written already; their names need no escapes."""
    written = [
        f'"{name}":{value.text if isinstance(value, JsonText) else json.dumps(value)}'
        for name, value in members.items()
    ]
    return f"{{{','.join(written)}}}"


NULL = JsonText("null")
EMPTY = JsonText("{}")
