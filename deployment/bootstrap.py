"""Make an environment's state bucket, with its own state in it: `python -m deployment.bootstrap dev`.

The stack's backend is the bucket that the stack makes. So it is applied with a local state first, and that state is
moved into the bucket. Each step looks at what is there, so a second run, or one after a stop anywhere, goes on.
"""

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from deployment.checked_state import REMEDY
from deployment.escaped_text import visible
from deployment.exact_plan import ExactPlan, exact_plan
from deployment.repository_paths import BUILD
from deployment.run_command import Confirm, ask, run
from deployment.stack import Stack, synthesized
from environments.named_errors import naming
from environments.names import SYSTEM, stack_name
from environments.user_error import UserError

LOCAL_STATE = "terraform.tfstate"


def bootstrap(
    environment: str,
    *,
    folder: Path | None = None,
    aws: Mapping[str, str] | None = None,
    confirm: Confirm = ask,
) -> None:
    """Bring the state bucket of the environment to the checkout's state; the folder keeps a state not moved yet.

    It makes what is missing, asks before it changes what is there, and removes nothing.
    """
    made = synthesized("state", environment, aws=aws)
    stack = Stack(made.name, folder or BUILD / "bootstrap" / environment, made.aws)
    stack.folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(made.file, stack.file)
    with stack.calling_aws():
        moved = _state_is_in_bucket(stack)
    if not moved:
        _apply_with_local_state(stack, confirm=confirm)
        shutil.copy(made.file, stack.file)
        print(f"Moving the state of {stack.name} into its bucket")
        stack.initialize("-migrate-state", "-force-copy")
        _check_moved(stack)
    _apply(stack, confirm=confirm)
    backend = stack.backend()
    system = stack_name(SYSTEM, environment)
    print(f"{stack.name} is in s3://{backend['bucket']}/{backend['key']}; {system} can be deployed.")


def _apply_with_local_state(stack: Stack, *, confirm: Confirm) -> None:
    configuration = stack.configuration()
    with stack.calling_aws():
        imports = [] if (stack.folder / LOCAL_STATE).exists() else _imports(stack, configuration)
    configuration["terraform"]["backend"] = {"local": {"path": LOCAL_STATE}}
    if imports:
        configuration["import"] = imports
    with naming(stack.file):
        stack.file.write_text(json.dumps(configuration, indent=2), encoding="utf-8")
    _apply(stack, confirm=confirm)


def _apply(stack: Stack, *, confirm: Confirm) -> None:
    """Plan, and apply that plan: what it does comes from the state too, which somebody may have written."""
    with exact_plan(stack) as plan:
        _refuse_losses(plan)
        if changed := _changed(plan):
            plan.require_word(confirm, "yes", f"change {', '.join(changed)}")
        if not plan.is_empty:
            plan.apply()


def _refuse_losses(plan: ExactPlan) -> None:
    """Raise UserError when the plan would destroy, replace or forget anything."""
    for one in plan.document.get("resource_changes", []):
        actions = one["change"]["actions"]
        if not {"delete", "forget"} & set(actions):
            continue
        doing = "replace" if len(actions) > 1 else "destroy" if actions == ["delete"] else "forget"
        raise UserError(
            f"the plan of {plan.stack.name} would {doing} {visible(one['address'])}, and a bootstrap removes nothing:"
            f" nothing was done; if no setting was taken back (docs/operations.md), the state says so: {REMEDY}"
        )


def _changed(plan: ExactPlan) -> list[str]:
    """The addresses of what the plan changes, but for what it takes into the state at that."""
    return [
        visible(one["address"])
        for one in plan.document.get("resource_changes", [])
        if one["change"]["actions"] == ["update"] and "importing" not in one["change"]
    ]


def _imports(stack: Stack, configuration: Mapping[str, Any]) -> list[dict[str, str]]:
    """Import what exists already though no state has it: a run was stopped and its folder lost, say."""
    found = []
    for bucket_id, bucket in configuration["resource"]["aws_s3_bucket"].items():
        if _exists(stack, bucket["bucket"]):
            found.append({"to": f"aws_s3_bucket.{bucket_id}", "id": bucket["bucket"]})
    ((alias_id, alias),) = configuration["resource"]["aws_kms_alias"].items()
    (key_id,) = configuration["resource"]["aws_kms_key"]
    target = _alias_target(stack, alias["name"])
    if target:
        found += [
            {"to": f"aws_kms_alias.{alias_id}", "id": alias["name"]},
            {"to": f"aws_kms_key.{key_id}", "id": target},
        ]
    return found


def _exists(stack: Stack, bucket: str) -> bool:
    try:
        stack.client("s3").head_bucket(Bucket=bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] == "404":
            return False
        raise
    return True


def _alias_target(stack: Stack, alias: str) -> str | None:
    kms = stack.client("kms")
    try:
        return str(kms.describe_key(KeyId=alias)["KeyMetadata"]["KeyId"])
    except kms.exceptions.NotFoundException:
        return None


def _state_is_in_bucket(stack: Stack) -> bool:
    backend = stack.backend()
    try:
        stack.client("s3").head_object(Bucket=backend["bucket"], Key=backend["key"])
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in ("404", "NoSuchBucket", "NoSuchKey"):
            return False
        if code == "403":
            raise UserError(
                f"the bucket {backend['bucket']} belongs to somebody else, or these credentials may not see it"
            ) from error
        raise
    return True


def _check_moved(stack: Stack) -> None:
    with stack.calling_aws():
        moved = _state_is_in_bucket(stack)
    if not moved:
        raise UserError(f"the state of {stack.name} is not in its bucket yet; run the same command again")
    for file in stack.folder.glob(f"{LOCAL_STATE}*"):
        file.unlink()  # a copy left behind would go stale


def main(arguments: Sequence[str]) -> int:
    """Bootstrap one environment."""
    bootstrap(*arguments[:1] or [""])
    return 0


if __name__ == "__main__":
    run(main)
