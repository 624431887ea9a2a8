"""The package's bytes depend only on the sources and the pinned distributions."""

import importlib.metadata
import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from deployment.repository_paths import ROOT
from stacks.synth.packaging import Package, PackagingError, build_package

Build = Callable[[], Package]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "lambda_src"
    (folder / "orders" / "domain").mkdir(parents=True)
    (folder / "orders" / "__init__.py").write_text("")
    (folder / "orders" / "domain" / "order.py").write_text("ORDER = 1\n")
    (folder / "orders" / "menu.json").write_text("{}\n")
    return folder


@pytest.fixture
def requirements(tmp_path: Path) -> Path:
    path = tmp_path / "lambda.txt"
    path.write_text("")
    path.with_name("lambda.files.txt").write_text("")
    return path


@pytest.fixture
def build(tmp_path: Path, source: Path, requirements: Path) -> Build:
    output = tmp_path / "build" / "lambda.zip"
    return lambda: build_package(source=source, requirements=requirements, output=output)


def names(package: Package) -> list[str]:
    with zipfile.ZipFile(package.path) as archive:
        return archive.namelist()


def test_the_same_sources_give_the_same_bytes(build: Build, tmp_path: Path, source: Path, requirements: Path) -> None:
    first = build()
    copy = shutil.copytree(source, tmp_path / "elsewhere")

    second = build_package(source=copy, requirements=requirements, output=tmp_path / "second.zip")

    assert second.path.read_bytes() == first.path.read_bytes()
    assert second.sha256 == first.sha256


@pytest.mark.parametrize(
    "touch",
    [
        pytest.param(lambda folder: os.utime(folder / "orders" / "domain" / "order.py", (1, 1)), id="time"),
        pytest.param(lambda folder: (folder / "orders" / "domain" / "order.py").chmod(0o755), id="mode"),
        pytest.param(lambda folder: _write(folder / "orders" / "__pycache__" / "order.cpython-313.pyc"), id="cache"),
        pytest.param(lambda folder: _write(folder / "orders" / "__pycache__" / "order.py"), id="source in a cache"),
        pytest.param(lambda folder: _write(folder / ".mypy_cache" / "order.data.json"), id="a tool's cache"),
        pytest.param(lambda folder: _write(folder / "orders" / ".order.py.swp"), id="an editor's file"),
        pytest.param(lambda folder: (folder / "empty").mkdir(), id="an empty folder"),
    ],
)
def test_what_is_no_source_doesnt_change_the_hash(build: Build, source: Path, touch: Callable[[Path], None]) -> None:
    before = build().sha256

    touch(source)

    assert build().sha256 == before


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda folder: _write(folder / "orders" / "domain" / "order.py"), id="content"),
        pytest.param(lambda folder: (folder / "orders" / "menu.json").unlink(), id="removal"),
        pytest.param(lambda folder: _write(folder / "orders" / "new.py"), id="addition"),
        pytest.param(
            lambda folder: (folder / "orders" / "domain" / "order.py").rename(folder / "orders" / "order.py"),
            id="rename",
        ),
    ],
)
def test_a_changed_source_changes_the_hash(build: Build, source: Path, change: Callable[[Path], None]) -> None:
    before = build().sha256

    change(source)

    assert build().sha256 != before


def test_the_package_holds_the_sources_in_order_and_dated_1980(build: Build) -> None:
    with zipfile.ZipFile(build().path) as archive:
        entries = [(entry.filename, entry.date_time, entry.external_attr >> 16) for entry in archive.infolist()]

    assert entries == [
        (name, (1980, 1, 1, 0, 0, 0), 0o100644)
        for name in ("orders/__init__.py", "orders/domain/order.py", "orders/menu.json")
    ]


def test_the_package_holds_the_listed_files_of_pinned_distributions_and_their_licences(
    build: Build, requirements: Path
) -> None:
    version = importlib.metadata.version("jmespath")
    requirements.write_text(f"jmespath=={version} \\\n    --hash=sha256:00\n")
    requirements.with_name("lambda.files.txt").write_text("jmespath/__init__.py\n")

    packed = names(build())

    of_it = f"jmespath-{version}.dist-info"
    assert {"jmespath/__init__.py", f"{of_it}/METADATA", f"{of_it}/LICENSE"} <= set(packed)
    assert "jmespath/parser.py" not in packed
    assert not [name for name in packed if "__pycache__" in name or name.endswith(("/RECORD", "/INSTALLER"))]


def test_nothing_is_left_beside_the_package(build: Build) -> None:
    folder = build().path.parent

    assert [path.name for path in folder.iterdir()] == ["lambda.zip"]


def test_a_listed_file_that_no_distribution_has_is_one_line(build: Build, requirements: Path) -> None:
    requirements.with_name("lambda.files.txt").write_text("jmespath/no_such_module.py\n")

    with pytest.raises(PackagingError) as error:
        build()

    assert (
        str(error.value) == "lambda.files.txt lists jmespath/no_such_module.py, which no distribution of lambda.txt has"
    )


def test_a_distribution_that_is_missing_is_one_line(build: Build, requirements: Path) -> None:
    requirements.write_text("no-such-distribution==1.0\n")

    with pytest.raises(PackagingError) as error:
        build()

    assert str(error.value) == "no-such-distribution==1.0 is not installed: run `make install`"


def test_a_distribution_of_another_version_is_one_line(build: Build, requirements: Path) -> None:
    requirements.write_text("jmespath==0.0.1\n")

    with pytest.raises(PackagingError) as error:
        build()

    installed = importlib.metadata.version("jmespath")
    assert str(error.value) == f"jmespath {installed} is installed, lambda.txt pins 0.0.1: run `make install`"


def test_a_distribution_of_machine_code_is_refused(
    build: Build, requirements: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(tmp_path / "site" / "fast-1.0.dist-info" / "METADATA", "Metadata-Version: 2.1\nName: fast\nVersion: 1.0\n")
    _write(tmp_path / "site" / "fast-1.0.dist-info" / "RECORD", "fast/core.so,,\n")
    _write(tmp_path / "site" / "fast" / "core.so")
    monkeypatch.syspath_prepend(tmp_path / "site")
    requirements.write_text("fast==1.0\n")

    with pytest.raises(PackagingError) as error:
        build()

    assert str(error.value) == "fast holds fast/core.so, which runs on this machine's processor only"


def test_the_projects_own_package_has_no_boto3_and_fits_into_a_lambda(tmp_path: Path) -> None:
    package = build_package(
        source=ROOT / "lambda_src", requirements=ROOT / "requirements" / "lambda.txt", output=tmp_path / "lambda.zip"
    )

    top = {name.partition("/")[0] for name in names(package)}
    assert {"orders", "aws_lambda_powertools"} <= top
    assert not {"boto3", "botocore", "cdktf", "stacks", "local"} & top
    assert package.path.stat().st_size < 20_000_000


def _write(path: Path, text: str = "changed\n") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
