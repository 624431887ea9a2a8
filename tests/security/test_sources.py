"""Findings of scanners in the sources: dangerous calls, secrets and keys."""

from pathlib import Path
from typing import Any

from tests.security.support.scanners import report, tracked

NO_SECRETS = Path(__file__).with_name("no_secrets.golden.txt")
LOCKS = ("*package-lock.json", "requirements/*.txt", ".terraform.lock.hcl")
TESTS = ("tests", "web/tests")
# These guess by names and randomness. In the tests they would find invented passwords.
GUESSES = ("KeywordDetector", "Base64HighEntropyString", "HexHighEntropyString")


def test_bandit_finds_nothing_of_weight() -> None:
    # ruff's rules S, in `make check`, cover the findings of low severity.
    sources = [
        "main.py",
        "environments",
        "stacks",
        "lambda_src",
        "deployment",
        "operations",
        "verify",
        "local",
        "emulator",
        "scale",
    ]

    found = report("bandit", "--quiet", "--recursive", "--severity-level", "medium", "--format", "json", *sources)

    issues = [
        f"{one['test_id']} {one['filename']}:{one['line_number']} {one['issue_text']}" for one in found["results"]
    ]
    assert issues == []


def test_no_secret_is_in_the_sources() -> None:
    found = _secrets(*LOCKS, *TESTS)

    listed = NO_SECRETS.read_text(encoding="utf-8").splitlines()
    assert found == [line.partition("  # ")[0] for line in listed], "\n".join(found)


def test_no_key_of_a_service_is_in_the_tests() -> None:
    known = {
        "tests/e2e/test_server_access.py AWS Access Key",
        "tests/emulator/integration/appsync/test_authentication.py AWS Access Key",
        "tests/emulator/integration/ministack/test_guard.py AWS Access Key",
        "web/tests/routes.test.ts Basic Auth Credentials",
    }

    found = _secrets(*LOCKS, without=GUESSES)

    assert {line.rsplit(" ", 1)[0] for line in found} == known


def _secrets(*without_files: str, without: tuple[str, ...] = ()) -> list[str]:
    """Return a line for each text that looks like a secret: file, kind, start of its SHA-1."""
    options = [word for name in without for word in ("--disable-plugin", name)]
    found: dict[str, Any] = report("detect-secrets", "scan", *options, *tracked(*without_files))
    texts = [one for texts in found["results"].values() for one in texts]
    return sorted({f"{one['filename']} {one['type']} {one['hashed_secret'][:8]}" for one in texts})
