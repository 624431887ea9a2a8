"""APPSYNC_JS without AWS: see Engine.evaluate."""

from emulator.appsync.javascript.engine import Engine
from emulator.appsync.javascript.evaluation import CODE, NOT_SUPPORTED, Evaluation, RaisedError
from emulator.appsync.javascript.json_text import EMPTY, NULL, JsonText

__all__ = ["CODE", "EMPTY", "NOT_SUPPORTED", "NULL", "Engine", "Evaluation", "JsonText", "RaisedError"]
