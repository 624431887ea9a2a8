"""Runs APPSYNC_JS handlers in an embedded QuickJS, within limits of time and memory."""

import json
import secrets
import threading
from collections import OrderedDict
from collections.abc import Mapping
from importlib import resources
from typing import Any, Literal

import quickjs

from emulator.appsync.javascript.evaluation import Evaluation, evaluation_of, refusal, runtime_failure
from emulator.appsync.javascript.json_text import EMPTY, NULL, JsonText, object_text
from emulator.appsync.javascript.language_subset import NotInAppSync
from emulator.appsync.javascript.modules import to_function_body
from emulator.appsync.javascript.tokens import JavaScriptSyntaxError

_FUNCTIONS_SOURCE, _RUNTIME_SOURCE = (
    (resources.files(__package__) / name).read_text(encoding="utf-8").rstrip().removesuffix(";")
    for name in ("functions.js", "runtime.js")
)
_COMPILED_MAX = 256
_NO_STASH = frozenset({"", "null", "false", "0", '""', "[]"})
# A handler takes a tenth of a millisecond. QuickJS 2021 can crash when small pieces use memory up to the last byte
# (build_backtrace follows a freed shape), so the limit on time has to come first; the one on memory, more
# than can be filled meanwhile, stops single huge values, which is safe.
_TIME_SECONDS = 0.2
_MEMORY_BYTES = 1024**3


class Engine:
    """Evaluates handlers as AppSync's EvaluateCode does, but keeps error types, stash and early returns.

    An engine may be used from any thread: QuickJS contexts are bound to their thread, so each thread gets its own.
    Code is compiled once a thread and revision. Its module level runs again for each call, so nothing is remembered.
    """

    def __init__(self, *, time_limit_seconds: float = _TIME_SECONDS, memory_limit_bytes: int = _MEMORY_BYTES) -> None:
        self._time_limit_seconds = time_limit_seconds
        self._memory_limit_bytes = memory_limit_bytes
        self._threads = threading.local()

    def evaluate(
        self,
        code: str,
        function: Literal["request", "response"],
        context: Mapping[str, Any],
        *,
        auth_type: str = "User Pool Authorization",
    ) -> Evaluation:
        """Call the module's exported `request` or `response` with `context`; a fault of the code isn't raised.

        `context` is what the handler sees as `ctx`: args, identity, source, stash, prev, result, error, info, env,
        request, each as JSON or as JsonText. Keys that are absent are undefined in the handler, except `stash`, which
        is {}.
        `auth_type` is what util.authType() returns.

            evaluation = Engine().evaluate(code, "request", {"args": {"id": "1"}, "identity": {"sub": "me"}})
            evaluation.value           # what the handler returned, or gave to runtime.earlyReturn, as JsonText
            evaluation.result          # the same, read
            evaluation.early_return    # True after runtime.earlyReturn; skip_to is its option
            evaluation.error           # RaisedError(message, error_type, data, error_info) of util.error, or None
            evaluation.appended        # the errors of util.appendError, in order
            evaluation.subscription_filter  # what extensions.setSubscriptionFilter got, or None
            evaluation.stash           # ctx.stash afterwards; `stash_text` is the same as JsonText

        Errors that no util function raised have the error_type "Code" (the code fails) or "NotSupported" (the code
        uses what AppSync, or this stand-in for it, doesn't have; the message names it).
        """
        try:
            told = self._thread().invoke(code, function, object_text({"stash": EMPTY, **context}), auth_type)
        except NotInAppSync as error:
            return refusal(str(error))
        except JavaScriptSyntaxError as error:
            return runtime_failure(str(error))
        except (quickjs.JSException, quickjs.StackOverflow) as error:
            self._forget_thread()
            return runtime_failure(str(error).strip())
        if len(told) != 3:  # there wasn't even memory left to say what happened
            self._forget_thread()
            return runtime_failure("InternalError: out of memory")
        report, value, stash = told
        outcome: dict[str, Any] = json.loads(report)
        if outcome.get("message", "").startswith("InternalError"):
            self._forget_thread()
        return evaluation_of(
            outcome,
            JsonText(value) if value else NULL,
            EMPTY if stash in _NO_STASH else JsonText(stash),
            function,
        )

    def _forget_thread(self) -> None:
        """Start the next call with a new context: after a limit was hit this one may be damaged."""
        self._threads.__dict__.clear()

    def _thread(self) -> "_ThreadEngine":
        engine: _ThreadEngine | None = getattr(self._threads, "engine", None)
        if engine is None:
            engine = self._threads.engine = _ThreadEngine(self._time_limit_seconds, self._memory_limit_bytes)
        return engine


class _ThreadEngine:
    """One QuickJS context and what it has compiled, for one thread."""

    def __init__(self, time_limit_seconds: float, memory_limit_bytes: int) -> None:
        self._context = quickjs.Context()
        self._context.set_memory_limit(memory_limit_bytes)
        self._context.set_time_limit(time_limit_seconds)
        functions = self._context.eval(f"({_FUNCTIONS_SOURCE}\n)")
        self._invoke = self._context.eval(f"({_RUNTIME_SOURCE}\n)")(functions)
        self._modules: OrderedDict[str, Any] = OrderedDict()

    def invoke(self, code: str, function: str, context: str, auth_type: str) -> list[str]:
        """Return a report, what the handler returned, and the stash: three texts in JSON, empty for undefined."""
        told: str = self._invoke(self._module(code), function, context, auth_type, secrets.token_hex(16))
        return told.split("\n")

    def _module(self, code: str) -> Any:
        module = self._modules.get(code)
        if module is None:
            body = to_function_body(code)
            # The inner function lets a module declare names such as `util` itself.
            source = f"((util, runtime, extensions, console) => (() => {{{body}}})())"
            try:
                module = self._context.eval(source)
            except quickjs.JSException as error:
                raise JavaScriptSyntaxError(str(error).strip()) from error
            self._modules[code] = module
            if len(self._modules) > _COMPILED_MAX:
                self._modules.popitem(last=False)
        return module
