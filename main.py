"""Synthesize the Terraform stacks of each environment of `environments.toml`."""

import os
import sys
from pathlib import Path

from stacks.synth import lazy_bindings

lazy_bindings.activate()

from cdktf import App  # noqa: E402  (after the bindings were made lazy)

from environments.settings import (  # noqa: E402
    CHANGE_WINDOW_VARIABLE,
    PROJECT,
    SettingsError,
    load_settings,
    with_change_window,
)
from stacks.delivery.stack import DeliveryStack, delivered_by_account  # noqa: E402
from stacks.orders.stack import OrdersStack  # noqa: E402
from stacks.state.stack import StateStack  # noqa: E402
from stacks.synth.packaging import PackagingError, build_package  # noqa: E402
from stacks.web.stack import WebStack  # noqa: E402

ROOT = Path(__file__).resolve().parent


def main() -> None:
    """Write `cdktf.out/`; a wrong setting ends with one line and exit code 1."""
    app = App()
    schema = (ROOT / "schema.graphql").read_text(encoding="utf-8")
    routes = (ROOT / "stacks" / "web" / "routes.js").read_text(encoding="utf-8")
    package = build_package(
        source=ROOT / "lambda_src",
        requirements=ROOT / "requirements" / "lambda.txt",
        output=ROOT / ".build" / "lambda.zip",
    )
    said = os.environ.get(CHANGE_WINDOW_VARIABLE)
    environments = [with_change_window(settings, said) for settings in load_settings(ROOT / "environments.toml")]
    for settings in environments:
        StateStack(app, f"state-{settings.environment}", settings=settings)
        orders_stack = f"{PROJECT}-{settings.environment}"
        orders = OrdersStack(app, orders_stack, settings=settings, schema=schema, package=package)
        page = WebStack(
            app,
            f"web-{settings.environment}",
            settings=settings,
            orders_stack=orders_stack,
            routes=routes,
        )
        page.add_dependency(orders)
    for account_id, delivered in delivered_by_account(environments).items():
        DeliveryStack(app, f"delivery-{account_id}", environments=delivered)
    app.synth()


if __name__ == "__main__":
    try:
        main()
    except (SettingsError, PackagingError) as error:
        sys.exit(f"{error}")
