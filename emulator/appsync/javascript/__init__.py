"""APPSYNC_JS without AWS: see Engine.evaluate."""

from emulator.appsync.javascript.engine import Engine
from emulator.appsync.javascript.evaluation import CODE, NOT_SUPPORTED, Evaluation, RaisedError

__all__ = ["CODE", "NOT_SUPPORTED", "Engine", "Evaluation", "RaisedError"]
