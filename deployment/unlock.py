"""Explain and remove a lock that a stopped deployment left behind: `python -m deployment.unlock dev`."""

import json
import sys
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from deployment.checkout import LocalRunError
from deployment.stack import Stack, synthesized


def unlock(stack: Stack, *, confirm: Callable[[str], str]) -> bool:
    """Show who holds the stack's lock and remove it once the stack's name is typed; tells whether there was one."""
    lock = read_lock(stack)
    if lock is None:
        print(f"{stack.name} is not locked.")
        return False
    print(
        f"{stack.name} is locked:\n"
        f"  by         {lock.get('Who')}\n"
        f"  since      {lock.get('Created')}\n"
        f"  for        {lock.get('Operation')}\n"
        f"  lock id    {lock['ID']}\n"
        "If that command still runs, let it end: two at once damage it. Remove the lock of a dead one only."
    )
    if confirm(f"Type {stack.name} to remove the lock: ").strip() != stack.name:
        raise LocalRunError("nothing was removed")
    stack.terraform("init", "-input=false", "-reconfigure")
    stack.terraform("force-unlock", "-force", lock["ID"])
    return True


def read_lock(stack: Stack) -> dict[str, Any] | None:
    """What Terraform wrote into the lock file beside the state; None when there is none."""
    backend = stack.backend()
    try:
        answer = stack.client("s3").get_object(Bucket=backend["bucket"], Key=f"{backend['key']}.tflock")
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in ("NoSuchKey", "404"):
            return None
        if code == "NoSuchBucket":
            raise LocalRunError(
                f"the state bucket {backend['bucket']} doesn't exist: `make bootstrap` makes it"
            ) from error
        raise
    lock: dict[str, Any] = json.load(answer["Body"])
    return lock


def _ask(question: str) -> str:
    try:
        return input(question)
    except EOFError:
        return ""


if __name__ == "__main__":
    try:
        unlock(synthesized("orders", *sys.argv[1:2] or [""]), confirm=_ask)
    except LocalRunError as error:
        sys.exit(f"{error}")
