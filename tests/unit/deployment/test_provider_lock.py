"""One committed lock for the stacks' provider, with a hash for each available platform."""

import re
from pathlib import Path

import pytest

from deployment import provider_lock, terraform_provider
from deployment.provider_lock import PLATFORMS, main
from deployment.repository_paths import ROOT
from deployment.terraform_provider import LOCK, READ_ONLY, VERSION, locked_packages, write_lock

HASHES = {platform: f"h1:{platform}=" for platform in PLATFORMS}
ARCHIVE = f"zh:{'a' * 64}"
OTHERS = 'provider "registry.terraform.io/evil/x" {\n}\n'


@pytest.fixture
def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The missing lock of another checkout, on a machine with a mirror."""
    for module in (terraform_provider, provider_lock):
        monkeypatch.setattr(module, "LOCK", tmp_path / LOCK.name)
    monkeypatch.setattr(provider_lock, "cdktf_environment", lambda _: {})
    monkeypatch.setattr(provider_lock, "find_mirror", lambda: Path("/mirror"))
    return tmp_path / LOCK.name


def serve(monkeypatch: pytest.MonkeyPatch, *, registry: tuple[str, ...], mirror: tuple[str, ...]) -> list[str]:
    """Give registry and mirror packages of these platforms; return the requests to the registry."""
    asked: list[str] = []

    def lock_of(platform: str, _: object, *source: str) -> str | None:
        if not source:
            asked.append(platform)
        if platform not in (mirror if source else registry):
            return None
        archives = "" if source else f'    "{ARCHIVE}",\n'
        return f'  hashes = [\n    "{HASHES[platform]}",\n{archives}  ]\n'

    monkeypatch.setattr(provider_lock, "_lock_of", lock_of)
    return asked


def test_the_committed_lock_is_of_the_version_in_use_and_says_whose_each_hash_is() -> None:
    text = LOCK.read_text(encoding="utf-8")

    assert re.findall(r'^ +(version|constraints) += "(.*)"$', text, re.MULTILINE) == [
        ("version", VERSION),
        ("constraints", VERSION),
    ]
    assert re.findall('^provider "(.*)"', text, re.MULTILINE) == [terraform_provider.ADDRESS]
    assert "linux_amd64" in locked_packages()
    assert len(locked_packages()) == text.count('"h1:')


def test_all_platforms_are_locked_where_the_registry_answers(
    lock: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    serve(monkeypatch, registry=PLATFORMS, mirror=())

    main()

    assert locked_packages() == HASHES
    assert lock.read_text().count(ARCHIVE) == 1
    assert capsys.readouterr().out == ""


def test_where_it_does_not_answer_a_mirror_is_asked_and_the_others_are_named(
    lock: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = serve(monkeypatch, registry=(), mirror=("linux_amd64",))

    main()

    assert locked_packages() == {"linux_amd64": HASHES["linux_amd64"]}
    assert asked == [PLATFORMS[0]]
    assert capsys.readouterr().out == (
        ".terraform.lock.hcl is without linux_arm64, darwin_amd64, darwin_arm64:"
        " neither the registry nor a mirror here gave its package\n"
    )


def test_what_was_locked_stays_as_long_as_the_version_does(lock: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    serve(monkeypatch, registry=PLATFORMS, mirror=())
    main()
    serve(monkeypatch, registry=(), mirror=())
    before = lock.read_text()

    main()
    kept = lock.read_text()
    monkeypatch.setattr(provider_lock, "VERSION", "6.0.0")
    main()

    assert kept == before
    assert locked_packages() == {}


def test_the_committed_lock_takes_the_place_of_a_folders_own(tmp_path: Path) -> None:
    (tmp_path / LOCK.name).write_text(OTHERS)

    write_lock(tmp_path, READ_ONLY)

    assert (tmp_path / LOCK.name).read_bytes() == LOCK.read_bytes()


@pytest.mark.parametrize("others", ["", OTHERS])
def test_without_it_a_folder_keeps_its_own_unless_that_has_other_providers(tmp_path: Path, others: str) -> None:
    (tmp_path / LOCK.name).write_text(LOCK.read_text() + others)

    write_lock(tmp_path, {})

    assert (tmp_path / LOCK.name).exists() is not bool(others)


def test_terraform_is_initialized_in_one_way() -> None:
    """Calls besides `Stack.initialize` have no state: they only validate (`-backend=false`)."""
    names = ("deployment", "local", "operations", "tests/synth", "tests/integration", "tests/e2e")
    folders = [ROOT / name for name in names]
    calls = re.compile(r'"init",(?! "--)[^)\n]*')

    found = {
        f"{path.relative_to(ROOT)}: {call}"
        for folder in folders
        for path in folder.rglob("*.py")
        for call in calls.findall(path.read_text(encoding="utf-8"))
        if "-backend=false" not in call
    }

    careless = "tests/integration/deployment/test_foreign_providers.py"
    assert found == {'deployment/stack.py: "init", "-input=false", *options', f'{careless}: "init", "-input=false"'}
