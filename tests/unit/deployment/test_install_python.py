"""pip installs the locked packages, and checks their hashes."""

import re

import pytest

from deployment.repository_paths import ROOT


@pytest.mark.parametrize("name", ["install-python", "install-security"])
def test_a_package_is_installed_by_its_hash_alone(name: str) -> None:
    script = (ROOT / ".ci" / name).read_text(encoding="utf-8").replace("\\\n", " ")

    installing = re.findall(r"-m pip install .*", script)

    assert len(installing) == 1
    assert "--require-hashes" in installing[0]
    assert re.search(r"-r requirements/\w+\.txt", installing[0])
