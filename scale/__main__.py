"""Runs the simulation, prints its parameters and tables, and writes all tables into docs/scale.md."""

from collections.abc import Sequence

from deployment.run_command import run
from environments.atomic_file import write_atomically
from scale.scale_page import PAGE_FILE, tables, with_tables


def main(_arguments: Sequence[str] = ()) -> int:
    """Write and print."""
    made = tables()
    write_atomically(PAGE_FILE, with_tables(PAGE_FILE.read_text(encoding="utf-8"), made))
    for name in ("parameters", "queue", "stream"):
        print(f"{name}\n\n{made[name]}")
    print(f"All tables are in docs/{PAGE_FILE.name}.")
    return 0


if __name__ == "__main__":
    run(main)
