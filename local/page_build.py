"""The page of the order desk: built when its sources changed, and put where the web stack serves it from."""

import fcntl
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from deployment import page_delivery
from deployment.child_environment import MISLEADING
from deployment.repository_paths import BUILD, ROOT, files_fingerprint
from environments.named_errors import naming
from environments.user_error import UserError
from local.deploy import client

SOURCES = ROOT / "web"
DIST = page_delivery.DIST
FINGERPRINT_FILE = BUILD / "page.fingerprint"
# What the build and the tests write themselves.
GENERATED = {"dist", "node_modules", "schema.d.ts"}
# What else goes into the build.
OTHER_SOURCES = ("environments/currencies.json", "schema.graphql", "package.json", "package-lock.json")


def page_fingerprint() -> str:
    """A hash of what the page is built from."""
    found = (path for path in SOURCES.rglob("*") if path.is_file())
    own = [path for path in found if not GENERATED.intersection(path.relative_to(SOURCES).parts)]
    return files_fingerprint([*own, *(ROOT / name for name in OTHER_SOURCES)])


def is_built(wanted: str) -> bool:
    """Return True if web/dist is what these sources give."""
    return (
        FINGERPRINT_FILE.exists()
        and FINGERPRINT_FILE.read_text(encoding="utf-8") == wanted
        and (DIST / "index.html").exists()
    )


def build_page(wanted: str, log: Path) -> None:
    """Run `make web` unless it is built; what the build says goes to the log."""
    with _build_lock():
        if is_built(wanted):
            return
        if "#" in str(ROOT):
            raise UserError(f"the page can't be built in {ROOT}: Vite ends a folder's name at #: rename the folder")
        FINGERPRINT_FILE.unlink(missing_ok=True)
        # What was typed for this make, such as its options, isn't meant for that one.
        dropped = ("MAKE", "MFLAGS", *MISLEADING)
        environment = {key: value for key, value in os.environ.items() if not key.startswith(dropped)}
        with log.open("w", encoding="utf-8") as output:
            done = subprocess.run(
                ["make", "--no-print-directory", "web"], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL,
                stdout=output, stderr=subprocess.STDOUT, check=False,
            )  # fmt: skip
        if done.returncode:
            said = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
            errors = [line.strip() for line in said if "error" in line.lower()]
            # A line that ends with a colon is the headline of the reason.
            named = next((line for line in errors if not line.endswith(":")), None)
            reason = named or next(iter(errors), f"make web ended with {done.returncode}")
            raise UserError(f"the page can't be built: {reason} (all of it: {log})")
        with naming(FINGERPRINT_FILE):
            FINGERPRINT_FILE.write_text(wanted, encoding="utf-8")


@contextmanager
def _build_lock() -> Iterator[None]:
    """Several runs, as of tests, share the checkout's web/dist."""
    BUILD.mkdir(exist_ok=True)
    with (BUILD / "page.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def put_page(outputs: Mapping[str, Any]) -> None:
    """Put web/dist into the bucket that the page is served from, as in AWS."""
    page_delivery.upload_changed_files(client("s3", outputs), outputs["web_bucket"], page_delivery.page_files(DIST))
