"""`python -m deployment.review [--base REF] [--output DIR]`: write what a reviewer reads."""

import argparse
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from deployment.repository_paths import BUILD, ROOT
from deployment.review.base_commit import check_out, find_base, package_pins, text_at
from deployment.review.review_folder import INDEX, BaseCheckout, make_pages, require_replaceable, write_review
from deployment.review.schema_changes import SCHEMA
from deployment.review.synthesis import render_hcl, synthesize
from deployment.run_command import run
from deployment.warning_output import print_warnings
from environments.settings import load_settings


def review(*, base: str | None, output: Path) -> None:
    """Write the pages of every environment, anew."""
    commit = find_base(base)
    require_replaceable(output)
    with tempfile.TemporaryDirectory(prefix="orders-review-") as temporary:
        folder = Path(temporary)
        head = synthesize(ROOT, called="this checkout", output=folder / "head")
        with check_out(commit) as worktree:
            synthesis = synthesize(worktree, called=f"the base {commit[:12]}", output=folder / "base")
        before = BaseCheckout(commit[:12], synthesis, package_pins(commit), text_at(commit, SCHEMA))
        warnings = [line for settings in load_settings() for line in settings.warnings]
        hcl = render_hcl(folder / "hcl")
        schema = (ROOT / SCHEMA).read_text(encoding="utf-8")
        pages = make_pages(head=head, hcl=hcl, base=before, pins=package_pins(), schema=schema, warnings=warnings)
    write_review(output, pages)


def main(arguments: Sequence[str]) -> int:
    """Review; say where the pages are."""
    parser = argparse.ArgumentParser(prog="python -m deployment.review", description="Write what a reviewer reads.")
    parser.add_argument("--base", help="what to compare with (origin/main, or main where there is no origin)")
    parser.add_argument("--output", type=Path, default=BUILD / "review", help="the folder to write (.build/review)")
    options = parser.parse_args(arguments)
    output = Path(os.path.expanduser(options.output))  # unlike Path's, it leaves a `~` of nobody
    review(base=options.base, output=output)
    for settings in load_settings():
        print_warnings(settings)
    print(os.path.relpath(output / INDEX))
    return 0


if __name__ == "__main__":
    run(main)
