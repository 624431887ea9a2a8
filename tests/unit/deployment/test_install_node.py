"""npm installs all locked packages, whatever variables are set, and runs none of their scripts."""

import os
import shutil
import subprocess
from pathlib import Path

from deployment.repository_paths import ROOT


def test_nothing_is_left_out_and_no_script_of_a_package_is_run(tmp_path: Path) -> None:
    shutil.copytree(ROOT / ".ci", tmp_path / ".ci")
    (tmp_path / "node_modules").mkdir()
    for name, does in (("npm", 'echo "$@" > given'), ("node", "")):
        (tmp_path / name).write_text(f"#!/bin/sh\n{does}\n")
        (tmp_path / name).chmod(0o755)

    subprocess.run(
        [tmp_path / ".ci" / "install-node"],
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "NODE_ENV": "production"},
        check=True,
        capture_output=True,
    )

    given = (tmp_path / "given").read_text(encoding="utf-8").split()
    assert given[:1] == ["ci"]
    assert {"--include=dev", "--include=optional", "--ignore-scripts"} <= set(given)
