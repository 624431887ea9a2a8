"""MiniStack's ASGI application for one loopback port, with every repair applied."""

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from emulator.asgi import App
from emulator.ministack.account import ACCOUNT_ID
from emulator.ministack.administrator_keys import Keys
from emulator.ministack.state import saved_state
from emulator.ministack.state.saved_state import SavedStateInfo

if TYPE_CHECKING:
    from emulator.ministack.iam_identity import EmulatedIdentity

SERVICES = [
    "appsync",
    "cloudfront",
    "cognito-idp",
    "dynamodb",
    "dynamodbstreams",
    "events",
    "iam",
    "kms",
    "lambda",
    "logs",
    "monitoring",
    "s3",
    "scheduler",
    "sns",
    "sqs",
    "ssm",
    "states",
    "sts",
    "tagging",
]

# Prefixes of variables by which programs and libraries are found, and the encoding of texts is set.
PASSED = ("HOME", "LANG", "LC_", "LD_LIBRARY_PATH", "NO_PROXY", "PATH", "PYTHON", "no_proxy")


def environment(*, port: int, region: str, keys: Keys, directory: Path) -> dict[str, str]:
    """Return the variables that MiniStack reads at import: loopback only, keys required, no side listeners."""
    return {
        "AUTH": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_ACCESS_KEY_ID": keys.access_key_id,
        "AWS_SECRET_ACCESS_KEY": keys.secret_access_key,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",
        "LAMBDA_ACCOUNT_CONCURRENCY": "1000",
        "LAMBDA_EXECUTOR": "local",
        "LOG_LEVEL": "WARNING",
        "MINISTACK_ACCOUNT_ID": ACCOUNT_ID,
        "MINISTACK_HOST": "127.0.0.1",
        "MINISTACK_REGION": region,
        "PERSIST_STATE": "0",
        "SERVICES": ",".join(SERVICES),
        "SFTP_ENABLED": "0",
        "STATE_DIR": str(state_files(directory)),
        "TMPDIR": str(temporary(directory)),
    }


def replace_environment(variables: dict[str, str]) -> None:
    """Set these variables, and drop all variables of this process except those in PASSED.

    MiniStack itself reads more than sixty variables.
    """
    for name in [name for name in os.environ if not name.startswith(PASSED)]:
        del os.environ[name]
    os.environ.update(variables)


def temporary(directory: Path) -> Path:
    """Return the folder for unpacked functions, which is removed when the server stops."""
    return directory / "temporary"


def state_files(directory: Path) -> Path:
    """Return the folder for Cognito's signing keys; by default, all emulators share one in /tmp."""
    return temporary(directory) / "state"


def load(
    *, port: int, region: str, keys: Keys, directory: Path, kept: Path | None, node: Path
) -> tuple[App, "EmulatedIdentity"]:
    """Return the repaired application, which continues with the saved state, and its identities.

    Call this once, before anything else imports ministack; raises UnusableState. `node` is the
    Node.js for CloudFront's functions. NO_PROXY of this process must contain the loopback
    addresses.
    """
    shutil.rmtree(temporary(directory), ignore_errors=True)
    temporary(directory).mkdir(mode=0o700)
    if kept is not None:
        saved_state.unpack_files(kept, state_files(directory))
    replace_environment(environment(port=port, region=region, keys=keys, directory=directory))
    import ministack.app

    from emulator.ministack import counters, log_lines, metering
    from emulator.ministack.iam_identity import EmulatedIdentity
    from emulator.ministack.repairs import repair_order
    from emulator.ministack.repairs.patching import RepairContext
    from emulator.ministack.state import pause, snapshots

    log_lines.apply()
    identity = EmulatedIdentity(keys, region=region)
    repair_order.apply(
        RepairContext(endpoint_url=f"http://127.0.0.1:{port}", identity=identity, region=region, node=node)
    )
    counters.apply()
    metering.apply()
    pause.apply()
    if kept is not None:
        snapshots.restore_snapshot(kept)
        saved_state.mark_as_started(directory)
    application: App = ministack.app.app
    return application, identity


def pause() -> None:
    """Stop all background work, because the state is about to be saved."""
    from emulator.ministack.state import pause

    pause.gate.close()


def keep(directory: Path, info: SavedStateInfo) -> None:
    """Save the state, after `pause` and without requests in progress.

    Raises NotKept; then everything can go on.
    """
    from emulator.ministack.state import snapshots

    snapshots.take_snapshot(directory, info)


def go_on() -> None:
    """End the pause."""
    from emulator.ministack.state import pause

    pause.gate.reopen()


def stop(directory: Path) -> None:
    """End the functions' processes and remove their unpacked code."""
    from ministack.core import lambda_runtime

    from emulator.ministack.state import pause

    pause.gate.end()
    lambda_runtime.reset()
    shutil.rmtree(temporary(directory), ignore_errors=True)
