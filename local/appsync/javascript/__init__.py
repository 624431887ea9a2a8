"""APPSYNC_JS without AWS: see Engine.evaluate."""

from local.appsync.javascript.engine import Engine
from local.appsync.javascript.evaluation import CODE, NOT_SUPPORTED, Evaluation, RaisedError

__all__ = ["CODE", "NOT_SUPPORTED", "Engine", "Evaluation", "RaisedError"]
