"""Explain and remove the locks that a stopped command left behind: `python -m deployment.unlock dev`.

It looks at every stack whose state is in the environment's bucket: a bootstrap can be stopped like a deployment.
"""

import json
from collections.abc import Sequence
from typing import Any

from botocore.exceptions import ClientError

from deployment.escaped_text import visible
from deployment.run_command import Confirm, ask, run
from deployment.stack import Stack, synthesized
from environments.settings import settings_of
from environments.user_error import UserError


def stacks_of(orders: Stack, environment: str) -> list[Stack]:
    """The stacks whose state the environment's bucket may hold; `orders` is one of them."""
    names = settings_of(environment).names
    all_names = (names.state_stack, orders.name, names.web_stack, names.delivery_stack)
    found = [orders.sibling(name) for name in all_names]
    bucket = orders.backend()["bucket"]
    return [stack for stack in found if stack.folder.is_dir() and stack.backend()["bucket"] == bucket]


def unlock(stack: Stack, *, confirm: Confirm) -> bool:
    """Show who holds the stack's lock and remove it once the stack's name is typed; tells whether there was one."""
    lock = read_lock(stack)
    if lock is None:
        print(f"{stack.name} is not locked.")
        return False
    who, since, operation, lock_id = (visible(f"{lock.get(key)}") for key in ("Who", "Created", "Operation", "ID"))
    print(
        f"{stack.name} is locked:\n"
        f"  by         {who}\n"
        f"  since      {since}\n"
        f"  for        {operation}\n"
        f"  lock id    {lock_id}\n"
        "If that command still runs, let it end: two at once damage it. Remove the lock of a dead one only."
    )
    if confirm(f"Type {stack.name} to remove the lock: ").strip() != stack.name:
        raise UserError("nothing was removed")
    stack.initialize("-reconfigure")
    stack.terraform("force-unlock", "-force", lock["ID"])
    return True


def read_lock(stack: Stack) -> dict[str, Any] | None:
    """Read what Terraform wrote into the lock file beside the state; None when there is none."""
    backend = stack.backend()
    with stack.calling_aws():
        try:
            answer = stack.client("s3").get_object(Bucket=backend["bucket"], Key=f"{backend['key']}.tflock")
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in ("NoSuchKey", "404"):
                return None
            if code == "NoSuchBucket":
                raise UserError(
                    f"the state bucket {backend['bucket']} doesn't exist: `make bootstrap` makes it"
                ) from error
            raise
        content = answer["Body"].read()
    try:
        lock: dict[str, Any] = json.loads(content)
        if isinstance(lock["ID"], str):
            return lock
    except (ValueError, RecursionError, TypeError, KeyError):
        pass
    place = f"s3://{backend['bucket']}/{backend['key']}.tflock"
    raise UserError(
        f"the lock {place} of {stack.name} can't be read, expected what Terraform writes: nothing was removed; find out"
        " who wrote it, and remove the object by hand once no command works on that stack"
    )


def main(arguments: Sequence[str]) -> int:
    """Look at each stack of one environment."""
    (environment,) = arguments[:1] or [""]
    for stack in stacks_of(synthesized("orders", environment), environment):
        unlock(stack, confirm=ask)
    return 0


if __name__ == "__main__":
    run(main)
