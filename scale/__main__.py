"""Runs the simulation, prints its parameters and tables, and writes all tables into docs/scale.md."""

from scale.document import FILE, tables, written


def main() -> None:
    """Write and print."""
    made = tables()
    FILE.write_text(written(FILE.read_text(encoding="utf-8"), made), encoding="utf-8")
    for name in ("parameters", "queue", "stream"):
        print(f"{name}\n\n{made[name]}")
    print(f"All tables are in docs/{FILE.name}.")


if __name__ == "__main__":
    main()
