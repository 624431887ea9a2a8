"""Run the program of a target of the Makefile.

`python -m deployment.run_make_target plan` plans the environment that ENV names.

make and a shell would expand what a person types. So it stays in the environment until it is read here, is checked,
and becomes arguments. The Makefile says which of the variables count only when they are typed.
"""

import os
import runpy
import sys
from collections.abc import Sequence

from environments.ctrl_c import end_silently_by_ctrl_c


def main(arguments: Sequence[str]) -> int:
    """Become the program of the target, without the variables: they were meant for make."""
    from deployment.make_targets import program, variables_taken  # here, as below
    from deployment.make_variables import (
        GOALS,
        TYPED,
        VARIABLES,
        MakeVariables,
        port_of_no_use,
        refuse_small_letters,
        refuse_unused,
    )
    from deployment.repository_paths import RUN_DIRECTORY
    from deployment.run_port import run_port

    target = " ".join(arguments)
    refuse_small_letters(os.environ)
    targets = os.environ.get(GOALS) or target
    taken = frozenset().union(*map(variables_taken, targets.split()))
    refuse_unused(os.environ, targets, taken)
    module, *sys.argv[1:] = program(MakeVariables(target, os.environ))
    if line := port_of_no_use(os.environ, taken, run_port(RUN_DIRECTORY)):
        print(line, file=sys.stderr, flush=True)
    for name in (*VARIABLES, TYPED, GOALS):
        os.environ.pop(name, None)
    end_silently_by_ctrl_c()
    runpy.run_module(module, run_name="__main__", alter_sys=True)
    return 0


if __name__ == "__main__":
    end_silently_by_ctrl_c()
    from deployment.run_command import run  # here, so that Ctrl-C is heard before anything is loaded that takes long

    run(main)
