"""Check that locked packages are installed: `python -m deployment.installed_packages requirements/dev.txt [module …]`.

pip's success says only that it installed them somewhere. The modules named are imported too. Runs on the standard
library, and right after the installation, so that nothing counts as installed that later commands would miss.
"""

import importlib
import re
import sys
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path

# A package with a marker behind its version is for some machines only.
FOR_ALL = re.compile(r"^([\w.-]+)==([^\s;\\]+)\s*\\?$", re.MULTILINE)


def problems(requirements: str, modules: Sequence[str]) -> Iterator[str]:
    """Yield what is missing of a lock file's packages and of the modules."""
    for name, version in FOR_ALL.findall(requirements):
        try:
            found = metadata.version(name)
        except metadata.PackageNotFoundError:
            found = "nothing"
        if found != version:
            yield f"{name}: expected {version}, got {found}"
    for module in modules:
        try:
            importlib.import_module(module)
        except Exception as error:  # a package that was half installed fails in its own way
            yield f"import {module}: {error}"


def main(arguments: Sequence[str]) -> int:
    """Print the first problem; 0 when there is none."""
    file, *modules = arguments
    found = next(problems(Path(file).read_text(encoding="utf-8"), modules), None)
    if found:
        print(found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
