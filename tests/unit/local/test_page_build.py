"""The page is built when its sources changed, by one run at a time."""

import os
import stat
from pathlib import Path

import pytest

from environments.user_error import UserError
from local import page_build


@pytest.fixture
def checkout(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A checkout with a page whose build is a fake `make`."""
    beside = ("environments/currencies.json", "schema.graphql", "package.json", "package-lock.json")
    for name in ("web/src/main.tsx", "web/index.html", *beside):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    monkeypatch.setattr(page_build, "ROOT", tmp_path)
    monkeypatch.setattr("deployment.repository_paths.ROOT", tmp_path)
    monkeypatch.setattr(page_build, "SOURCES", tmp_path / "web")
    monkeypatch.setattr(page_build, "DIST", tmp_path / "web" / "dist")
    monkeypatch.setattr(page_build, "BUILD", tmp_path / ".build")
    monkeypatch.setattr(page_build, "FINGERPRINT_FILE", tmp_path / ".build" / "page.fingerprint")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    make(tmp_path, "mkdir -p web/dist && echo built >> web/dist/index.html && env > environment")
    return tmp_path


def make(checkout: Path, script: str) -> None:
    program = checkout / "bin" / "make"
    program.parent.mkdir(exist_ok=True)
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(stat.S_IRWXU)


def builds(checkout: Path) -> int:
    return (checkout / "web" / "dist" / "index.html").read_text().count("built")


def build(checkout: Path) -> None:
    page_build.build_page(page_build.page_fingerprint(), checkout / "page.log")


def test_a_page_is_built_once(checkout: Path) -> None:
    build(checkout)
    build(checkout)

    assert page_build.is_built(page_build.page_fingerprint())
    assert builds(checkout) == 1


@pytest.mark.parametrize(
    "changed",
    ["web/src/main.tsx", "web/src/new.ts", "environments/currencies.json", "schema.graphql", "package-lock.json"],
)
def test_whatever_the_page_is_made_of_makes_it_anew(checkout: Path, changed: str) -> None:
    build(checkout)
    (checkout / changed).write_text("changed")

    build(checkout)

    assert builds(checkout) == 2


@pytest.mark.parametrize("made", ["web/dist/assets/a.js", "web/node_modules/.vite/x", "web/src/api/schema.d.ts"])
def test_what_builds_and_tests_write_makes_nothing_anew(checkout: Path, made: str) -> None:
    build(checkout)
    (checkout / made).parent.mkdir(parents=True, exist_ok=True)
    (checkout / made).write_text("made")

    build(checkout)

    assert builds(checkout) == 1


def test_a_page_whose_files_are_gone_is_built_again(checkout: Path) -> None:
    build(checkout)
    (checkout / "web" / "dist" / "index.html").unlink()

    build(checkout)

    assert builds(checkout) == 1


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (["Installing", "src/main.tsx: error TS2304: no such name"], "src/main.tsx: error TS2304: no such name"),
        (["error during build:", "Build failed with 1 error:", "Error: no x in y.ts"], "Error: no x in y.ts"),
        (["error during build:", "at x"], "error during build:"),
    ],
)
def test_the_reason_of_a_failed_build_is_one_line_and_the_build_is_not_taken_for_done(
    checkout: Path, said: list[str], reason: str
) -> None:
    make(checkout, "; ".join([*(f"echo '{line}'" for line in said), "exit 2"]))
    with pytest.raises(UserError) as failed:
        build(checkout)

    log = checkout / "page.log"
    assert str(failed.value) == f"the page can't be built: {reason} (all of it: {log})"
    assert not page_build.is_built(page_build.page_fingerprint())


def test_what_a_failed_build_left_is_not_taken_for_the_page_of_before(checkout: Path) -> None:
    build(checkout)
    working, source = (checkout / "bin" / "make").read_text(), checkout / "web" / "src" / "main.tsx"
    before = source.read_text()
    source.write_text("broken")
    make(checkout, "echo half > web/dist/index.html; exit 2")
    with pytest.raises(UserError, match="make web ended with 2"):
        build(checkout)
    source.write_text(before)
    (checkout / "bin" / "make").write_text(working)

    build(checkout)

    assert builds(checkout) == 1


def test_what_was_typed_for_one_make_is_not_meant_for_the_other(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAKEFLAGS", "n -- PORT=4600")
    monkeypatch.setenv("MAKELEVEL", "1")

    build(checkout)

    assert "MAKE" not in (checkout / "environment").read_text()


def test_a_debugger_of_the_editor_does_not_stop_the_build(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NODE_OPTIONS", "--inspect-brk")

    build(checkout)

    assert "NODE_OPTIONS" not in (checkout / "environment").read_text()


def test_a_folder_in_which_vite_cannot_build_is_one_line(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_build, "ROOT", checkout / "c#")

    with pytest.raises(UserError, match="ends a folder's name at #: rename the folder"):
        page_build.build_page("any", checkout / "page.log")
