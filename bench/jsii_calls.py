"""Prints how many calls of Python to jsii's Node.js process a synthesis makes: `python -m bench.jsii_calls`.

A call is a round trip between two processes, and most of the time of a synthesis. The stacks go where `CDKTF_OUTDIR`
says.
"""

import runpy
from typing import Any

from deployment.repository_paths import ROOT
from stacks.synth import lazy_bindings


def main() -> None:
    """Synthesize the checkout's stacks and print the number of calls."""
    lazy_bindings.activate()
    from jsii._kernel.providers import process

    send, calls = process._NodeProcess.send, 0

    def counted(*arguments: Any) -> Any:
        nonlocal calls
        calls += 1
        return send(*arguments)

    process._NodeProcess.send = counted  # type: ignore[assignment]
    runpy.run_path(str(ROOT / "main.py"), run_name="__main__")
    print(calls)


if __name__ == "__main__":
    main()
