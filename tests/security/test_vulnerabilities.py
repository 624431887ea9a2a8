"""Known vulnerabilities of locked packages. Needs an answer of the registries."""

import json
import subprocess

import pytest

from deployment.repository_paths import ROOT
from tests.security.support.scanners import run

# `<lock>.files.txt` names files, not packages.
LOCKS = sorted(path.name for path in (ROOT / "requirements").glob("*.txt") if ".files" not in path.name)


@pytest.mark.parametrize("lock", LOCKS)
def test_no_locked_python_package_has_a_known_vulnerability(lock: str) -> None:
    options = ["--require-hashes", "--disable-pip", "--progress-spinner", "off", "--format", "json"]

    done = run("pip-audit", "--requirement", f"requirements/{lock}", *options)

    if not done.stdout.strip():
        pytest.skip(f"not checked: pip-audit got no answer about {lock}: {_last_line(done.stderr)}")
    packages = json.loads(done.stdout)["dependencies"]
    assert [one for one in packages if one.get("vulns")] == []


def test_no_locked_npm_package_has_a_known_vulnerability() -> None:
    done = subprocess.run(["npm", "audit", "--json"], cwd=ROOT, capture_output=True, text=True, timeout=240)

    answer = json.loads(done.stdout or "{}")
    if "vulnerabilities" not in answer:
        pytest.skip(f"not checked: npm audit got no answer: {answer.get('message') or _last_line(done.stderr)}")
    assert answer["vulnerabilities"] == {}


def _last_line(said: str) -> str:
    return said.strip().rpartition("\n")[2][:200]
