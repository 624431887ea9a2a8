"""Synthesize the Terraform stacks of each environment of `environments.toml`, or of the one that is named."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from environments.ctrl_c import end_silently_by_ctrl_c
from environments.settings import CHANGE_WINDOW_VARIABLE, load_settings, with_change_window
from environments.user_error import UserError
from stacks.synth import lazy_bindings
from stacks.synth.packaging import build_package

ROOT = Path(__file__).resolve().parent


def main(names: Sequence[str]) -> None:
    """Write `cdktf.out/`; a wrong setting ends with one line and exit code 1.

    The stacks of an environment alone are the same byte for byte. The roles that deliver it come with those of all
    environments of its account, which share a stack.
    """
    # First: what is wrong with them is said at once, before CDKTF loads.
    said = os.environ.get(CHANGE_WINDOW_VARIABLE)
    environments = [with_change_window(settings, said) for settings in load_settings()]
    known = [settings.environment for settings in environments]
    if unknown := set(names).difference(known):
        raise UserError(f"{', '.join(sorted(unknown))}: not in environments.toml; it has {', '.join(known)}")
    wanted = [settings for settings in environments if not names or settings.environment in names]
    package = build_package(
        source=ROOT / "lambda_src",
        requirements=ROOT / "requirements" / "lambda.txt",
        output=ROOT / ".build" / "lambda.zip",
    )
    lazy_bindings.activate()
    # After the bindings were made lazy, because these import them.
    from cdktf import App

    from stacks.delivery.stack import DeliveryStack, delivered_by_account
    from stacks.orders.stack import OrdersStack
    from stacks.state.stack import StateStack
    from stacks.web.stack import WebStack

    app = App()
    schema = (ROOT / "schema.graphql").read_text(encoding="utf-8")
    routes = (ROOT / "stacks" / "web" / "routes.js").read_text(encoding="utf-8")
    for settings in wanted:
        own = settings.names
        StateStack(app, own.state_stack, settings=settings)
        orders = OrdersStack(app, own.orders_stack, settings=settings, schema=schema, package=package)
        page = WebStack(app, own.web_stack, settings=settings, orders_stack=own.orders_stack, routes=routes)
        page.add_dependency(orders)
    for delivered in delivered_by_account(environments).values():
        if any(settings in wanted for settings in delivered):
            DeliveryStack(app, delivered[0].names.delivery_stack, environments=delivered)
    app.synth()


if __name__ == "__main__":
    end_silently_by_ctrl_c()
    try:
        main(sys.argv[1:])
    except UserError as error:
        sys.exit(f"{error}")
