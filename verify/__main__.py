"""Verify a deployed environment: `python -m verify dev`.

A customer who is made for it signs up, orders and watches until the order is PAID; then the account is asked what no
documentation says, and all of it is removed. `.build/verify-<environment>.md` has what came of it.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from deployment.repository_paths import BUILD
from deployment.run_command import run
from deployment.stack import Stack, synthesized
from environments.named_errors import naming
from environments.names import SYSTEM
from environments.settings import settings_of
from verify.protected_environment import require_confirmation
from verify.verification import Verification
from verify.verified_environment import open_verified_environment


def verify(stack: Stack, environment: str, *, is_public: bool, folder: Path = BUILD) -> int:
    """Verify the environment that the stack is of, and write the report into the folder; 0 when it works."""
    verification = Verification(open_verified_environment(stack, settings_of(environment)), is_public=is_public)
    file, report = folder / f"verify-{environment}.md", verification.report
    print(f"Verifying {environment}")
    try:
        verification.run()
    finally:
        file.parent.mkdir(parents=True, exist_ok=True)
        with naming(file):
            file.write_text(report.markdown(), encoding="utf-8")
        print(f"{report.conclusion}\n{file} has the report")
    return report.exit_code


def main(arguments: Sequence[str]) -> int:
    """Verify one environment of environments.toml."""
    parser = argparse.ArgumentParser(prog="python -m verify", description=__doc__)
    parser.add_argument("environment")
    parser.add_argument("--public", action="store_true", help="call public APIs alone: keep rows, read no log")
    parser.add_argument("--confirm", action="store_true", help="place orders in a protected environment too")
    options = parser.parse_args(arguments)
    require_confirmation(settings_of(options.environment), confirmed=options.confirm, command="verify")
    return verify(synthesized(SYSTEM, options.environment), options.environment, is_public=options.public)


if __name__ == "__main__":
    run(main)
