"""The licences of everything that ships: the Lambda package and the page."""

import re
import subprocess
from pathlib import Path

from deployment.repository_paths import ROOT
from tests.security.support.scanners import report

# These let a team ship a product, closed source or not, if the licence's text is included.
ALLOWED = {"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0", "PSF-2.0", "Python-2.0"}
# These packages name the licence MIT, and don't include its text.
WITHOUT_TEXT = [
    *("@graphiql/plugin-doc-explorer", "@graphiql/plugin-history", "isarray", "isomorphic-unfetch"),
    *("react-compiler-runtime", "react-remove-scroll-bar", "toggle-selection"),
]
SHIPPED = ROOT / "requirements" / "lambda.txt"
# It names its licence in an old way: "MIT License".
SPOKEN = {"MIT License": "MIT", "MIT License; MIT No Attribution License (MIT-0)": "MIT"}


def test_the_lambda_package_ships_allowed_licences_with_their_texts() -> None:
    names = re.findall(r"^([a-z0-9-]+)==", SHIPPED.read_text(encoding="utf-8"), re.MULTILINE)
    python = str(ROOT / ".venv" / "bin" / "python")

    options = ["--format", "json", "--with-license-file", "--packages", *names]
    found = report("pip-licenses", f"--python={python}", *options)

    assert len(found) == len(names)
    assert {SPOKEN.get(one["License"], one["License"]) for one in found} <= ALLOWED
    assert [one["Name"] for one in found if not Path(one["LicenseFile"]).is_file()] == []


def test_the_page_ships_allowed_licences_with_their_texts(tmp_path: Path) -> None:
    vite = ["node_modules/.bin/node", "node_modules/vite/bin/vite.js", "build", "web", "--logLevel", "error"]
    subprocess.run([*vite, "--outDir", str(tmp_path)], cwd=ROOT, check=True)

    sections = re.split(r"^## ", (tmp_path / "licenses.md").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]

    licences = {section.partition("\n")[0].rpartition(" (")[2].rstrip(")") for section in sections}
    assert licences <= ALLOWED
    bare = [section.partition(" - ")[0] for section in sections if len(section) < 200]
    assert bare == WITHOUT_TEXT
