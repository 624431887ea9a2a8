"""Deploy exactly the plan that was reviewed: `python -m deployment.deliver prod --sha256 <of the reviewed plan>`.

No plan file travels: the plan is made anew here, compared with the reviewed one, and applied only if it is the same.
"""

import argparse
import json
import os
from collections.abc import Sequence

from deployment.checkout import PLANS, LocalRunError
from deployment.command import run
from deployment.plan import plan
from deployment.plan_changes import changes, fingerprint, is_empty
from deployment.reviewed_plan import write
from deployment.stack import Stack, synthesized


def deliver(stack: Stack, environment: str, *, sha256: str, allowed: Sequence[str] = ()) -> bool:
    """Plan the stack and apply the plan if it has that hash; tells whether anything had to change."""
    file = PLANS / f"{environment}.json"
    try:
        plan(stack, to=file, lock=True, allowed=allowed)
        document = changes(json.loads(file.read_text(encoding="utf-8")))
        if is_empty(document):
            print(f"{stack.name} is as the checkout says: nothing to deploy.")
            return False
        if fingerprint(document) != sha256:
            write(environment, document)
            raise LocalRunError(
                f"nothing was deployed: the plan of {stack.name} is now {fingerprint(document)},"
                f" but {sha256} was reviewed; something changed in between, so the new plan needs a review"
            )
        stack.terraform("apply", "-input=false", str(file.with_suffix(".tfplan").resolve()))
        return True
    finally:
        for left in (file, file.with_suffix(".tfplan")):
            left.unlink(missing_ok=True)


def main(arguments: Sequence[str]) -> int:
    """Deliver one environment."""
    parser = argparse.ArgumentParser(prog="python -m deployment.deliver", description=__doc__)
    parser.add_argument("environment")
    parser.add_argument("--sha256", required=True, help="the hash of the reviewed plan")
    options = parser.parse_args(arguments)
    allowed = os.environ.get("ALLOW_REPLACE", "").replace(",", " ").split()
    stack = synthesized("orders", options.environment)
    deliver(stack, options.environment, sha256=options.sha256, allowed=allowed)
    return 0


if __name__ == "__main__":
    run(main)
