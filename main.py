"""Synthesize the Terraform stacks of each environment of `environments.toml`."""

import os
import sys
from pathlib import Path

from environments.settings import CHANGE_WINDOW_VARIABLE, load_settings, with_change_window
from environments.user_error import UserError
from stacks.synth import lazy_bindings
from stacks.synth.packaging import build_package

ROOT = Path(__file__).resolve().parent


def main() -> None:
    """Write `cdktf.out/`; a wrong setting ends with one line and exit code 1."""
    # First: what is wrong with them is said at once, before CDKTF loads.
    said = os.environ.get(CHANGE_WINDOW_VARIABLE)
    environments = [with_change_window(settings, said) for settings in load_settings()]
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
    for settings in environments:
        names = settings.names
        StateStack(app, names.state_stack, settings=settings)
        orders = OrdersStack(app, names.orders_stack, settings=settings, schema=schema, package=package)
        page = WebStack(app, names.web_stack, settings=settings, orders_stack=names.orders_stack, routes=routes)
        page.add_dependency(orders)
    for delivered in delivered_by_account(environments).values():
        DeliveryStack(app, delivered[0].names.delivery_stack, environments=delivered)
    app.synth()


if __name__ == "__main__":
    try:
        main()
    except UserError as error:
        sys.exit(f"{error}")
