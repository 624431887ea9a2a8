"""Small synthesized stacks, as JSON documents."""

import json
from typing import Any

from deployment.review.synthesized_stack import SynthesizedStack


def stack(*resources: dict[str, Any], name: str = "orders-dev", **surroundings: Any) -> SynthesizedStack:
    """Return a stack of these resources. An id is the place in the stack."""
    document: dict[str, Any] = {"resource": {}, **surroundings}
    for resource in resources:
        attributes = dict(resource)
        type_, path = attributes.pop("type_"), attributes.pop("path_")
        attributes["//"] = {"metadata": {"path": f"{name}/{path}/Resource"}}
        document["resource"].setdefault(type_, {})[path.replace("/", "_")] = attributes
    return SynthesizedStack(name, document)


def resource(type_: str, path: str, /, **attributes: Any) -> dict[str, Any]:
    """Return one resource for `stack`."""
    return {"type_": f"aws_{type_}", "path_": path, **attributes}


def policy(*statements: dict[str, Any]) -> str:
    """Return the text of a policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(*actions: str, on: str | list[str], **more: Any) -> dict[str, Any]:
    """Return a statement that allows the actions."""
    return {"Effect": "Allow", "Action": list(actions), "Resource": on, **more}


def role(path: str, name: str, **attributes: Any) -> dict[str, Any]:
    """Return a role that Lambda may assume."""
    trust = policy({"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": ["sts:AssumeRole"]})
    return resource("iam_role", path, name=name, **{"assume_role_policy": trust, **attributes})


def grant(path: str, of: str, *statements: dict[str, Any]) -> dict[str, Any]:
    """Return a policy of the role at a path."""
    return resource("iam_role_policy", path, name="it", role=f"${{aws_iam_role.{of}.name}}", policy=policy(*statements))
