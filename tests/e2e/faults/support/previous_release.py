"""The previous release, synthesized from its own sources in a folder of its own."""

import importlib.metadata
import io
import re
import subprocess
import sys
import tarfile
from pathlib import Path

from deployment.child_environment import child_environment
from deployment.repository_paths import NODE, ROOT
from environments.settings import CHANGE_WINDOW_VARIABLE
from local.deploy import STACKS

# The last commit before the unreleased part of CHANGELOG.md; the tag of a release once one exists.
COMMIT = "71e95b820c98c85cf976e3e78d82e6bf1b91facb"
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
# Packages that can change the synthesized text, or that the functions ship.
SYNTHESIS = ("cdktf", "cdktf-cdktf-provider-aws", "constructs", "jsii")


def is_in_history() -> bool:
    """Return True if git has the commit. A shallow clone hasn't."""
    asked = ["git", "cat-file", "-e", f"{COMMIT}^{{commit}}"]
    return subprocess.run(asked, cwd=ROOT, capture_output=True, check=False).returncode == 0


class PreviousRelease:
    """A checkout of the previous release."""

    def __init__(self, folder: Path) -> None:
        """Unpack the release into the folder."""
        self.folder = folder
        packed = subprocess.run(["git", "archive", COMMIT], cwd=ROOT, capture_output=True, check=True)
        with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
            archive.extractall(folder, filter="data")

    def synthesize(self, output: Path, *, change_window: str | None = None) -> dict[str, str]:
        """Write the release's stacks to the folder, as `local.deploy.synthesize` does."""
        own = {"CDKTF_OUTDIR": str(output), "JSII_NODE": str(NODE), CHANGE_WINDOW_VARIABLE: change_window or "0"}
        command = [self._python(), "main.py"]
        done = subprocess.run(command, cwd=self.folder, env={**child_environment(), **own}, text=True, check=False)
        assert done.returncode == 0, f"{COMMIT[:7]} can't be synthesized, see above"
        return dict.fromkeys(STACKS, COMMIT)

    def _python(self) -> str:
        """Return this interpreter if it has the release's packages, else a new one with them."""
        if all(_is_installed(name, version) for name, version in self._pins()):
            return sys.executable
        target = ".venv/.installed"
        subprocess.run(["make", "--silent", f"PYTHON={sys.executable}", target], cwd=self.folder, check=True)
        return str(self.folder / ".venv" / "bin" / "python")

    def _pins(self) -> list[tuple[str, str]]:
        functions, all_ = (self.folder / "requirements" / name for name in ("lambda.txt", "dev.txt"))
        chosen = [pin for pin in PIN.findall(all_.read_text(encoding="utf-8")) if pin[0] in SYNTHESIS]
        assert {name for name, _ in chosen} == set(SYNTHESIS), f"{all_} pins {chosen} only"
        return [*PIN.findall(functions.read_text(encoding="utf-8")), *chosen]


def _is_installed(name: str, version: str) -> bool:
    try:
        return importlib.metadata.version(name) == version
    except importlib.metadata.PackageNotFoundError:
        return False
