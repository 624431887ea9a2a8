"""The execution environment of a Python function: a process of its own, outside this repository.

It speaks MiniStack's line protocol. The first line on stdin describes the function. Then each line
is an invocation in JSON, and one line on stdout is its answer. After each invocation END_OF_LOG
goes to stderr, so that the reader knows that the invocation's log is complete.
"""

import importlib
import json
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any

END_OF_LOG = "\x1eend-of-log"
Handler = Callable[[Any, Any], Any]


class Context:
    """The second argument that AWS passes to a handler."""

    identity = None
    client_context = None

    def __init__(self, function: dict[str, Any], invocation: dict[str, Any]) -> None:
        name = function.get("function_name", "")
        self.function_name = name
        self.function_version = os.environ.get("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
        self.memory_limit_in_mb = str(function.get("memory", 128))
        self.invoked_function_arn = invocation.get("invoked_function_arn") or function.get("arn", "")
        self.aws_request_id = invocation.get("request_id", "")
        self.log_group_name = os.environ.get("AWS_LAMBDA_LOG_GROUP_NAME", f"/aws/lambda/{name}")
        self.log_stream_name = os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME", "")
        self._deadline = time.time() + invocation.get("timeout_ms", 3000) / 1000

    def get_remaining_time_in_millis(self) -> int:
        """Return the time for which the handler may still run."""
        return max(0, int((self._deadline - time.time()) * 1000))


def watch_parent(parent: int) -> None:
    """End this process when the server is gone, even if a handler never returns."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def load_handler(function: dict[str, Any]) -> Handler:
    """Import the handler from the function's package, which precedes everything installed here."""
    os.environ.update(function.get("env") or {})
    sys.path[0] = function["code_dir"]
    handler: Handler = getattr(importlib.import_module(function["module"]), function["handler"])
    return handler


def set_environment(invocation: dict[str, Any]) -> None:
    """Set the variables that change with each invocation."""
    if invocation.get("trace_id"):
        os.environ["_X_AMZN_TRACE_ID"] = invocation["trace_id"]
    else:
        os.environ.pop("_X_AMZN_TRACE_ID", None)


def failure(error: BaseException, request_id: str) -> dict[str, Any]:
    """Describe an exception as the Lambda runtime does; its class is the error type."""
    frames = traceback.extract_tb(error.__traceback__)[1:]
    return {
        "errorMessage": str(error),
        "errorType": type(error).__name__,
        "requestId": request_id,
        "stackTrace": traceback.format_list(frames),
    }


def invoke(handler: Handler, function: dict[str, Any], line: str) -> str:
    """Run one invocation and return its line of answer."""
    message = json.loads(line)
    invocation = message.get("ctx") or {}
    set_environment(invocation)
    context = Context(function, invocation)
    began = time.process_time()
    try:
        answer = {"status": "ok", "result": handler(message["event"], context)}
    except Exception as error:
        traceback.print_exc()
        answer = {"status": "ok", "failed": True, "result": failure(error, context.aws_request_id)}
    return json.dumps({**answer, "processor_milliseconds": 1000 * (time.process_time() - began)})


def use_all_processors() -> None:
    """Leave the processor to which the server may have bound the thread that started this process."""
    if hasattr(os, "sched_setaffinity"):  # not on macOS
        os.sched_setaffinity(0, range(os.cpu_count() or 1))


def serve() -> None:
    """Answer invocations until stdin closes; the handler's prints go to stderr."""
    use_all_processors()
    answers, sys.stdout = sys.stdout, sys.stderr
    threading.Thread(target=watch_parent, args=(os.getppid(),), daemon=True).start()
    function = json.loads(sys.stdin.readline())
    try:
        handler = load_handler(function)
    except BaseException as error:
        traceback.print_exc()
        print(json.dumps({"status": "error", "error": f"{type(error).__name__}: {error}"}), file=answers, flush=True)
        return
    print(json.dumps({"status": "ready", "cold": True}), file=answers, flush=True)
    for line in sys.stdin:
        answer = invoke(handler, function, line)
        print(END_OF_LOG, file=sys.stderr, flush=True)
        print(answer, file=answers, flush=True)


if __name__ == "__main__":
    serve()
