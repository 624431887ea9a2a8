"""A function gets its own environment, not that of the server.

AWS: the environment holds the runtime's variables and those that the function declares (Lambda Developer Guide,
"Defined runtime environment variables").
MiniStack: the whole environment of the server comes along: a PYTHONPATH, somebody's AWS_PROFILE, the administrator's
keys under any other name. What works here would fail on AWS.
"""

import os
import subprocess
from types import SimpleNamespace
from typing import Any

from ministack.core import lambda_runtime

from emulator.ministack.repairs.patching import RepairContext

# The worker sets the declared variables itself, from its first line of input.
PASSED = frozenset(
    [
        "AWS_ACCESS_KEY_ID",
        "AWS_DEFAULT_REGION",
        "AWS_DISABLE_HOST_PREFIX_INJECTION",
        "AWS_ENDPOINT_URL",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_REGION",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "LAMBDA_TASK_ROOT",
        "LD_LIBRARY_PATH",
        # These aren't Lambda's, but needed: AWS is on loopback here, and macOS has proxies without
        # a variable.
        "NO_PROXY",
        "PATH",
        "TMPDIR",
        "no_proxy",
    ]
)
# Lambda has no home with AWS files. Without HOME, AWS's SDK reads those of the user who started the
# server.
NO_FILES = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
SET = {"AWS_EXECUTION_ENV": "AWS_Lambda_python3.13", "LANG": "en_US.UTF-8", "TZ": ":UTC", **NO_FILES}


def apply(_context: RepairContext) -> None:
    """Start workers with the variables of Lambda's runtime only."""

    def start(command: list[str], **options: Any) -> subprocess.Popen[str]:
        given = options.pop("env")
        environment = {name: value for name, value in given.items() if name in PASSED} | SET
        return subprocess.Popen(command, env=environment, **options)  # noqa: S603  # MiniStack's own command

    lambda_runtime.subprocess = SimpleNamespace(**vars(subprocess) | {"Popen": start})
