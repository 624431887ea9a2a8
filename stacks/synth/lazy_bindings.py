"""Make the AWS provider's bindings load only the resources that are used.

Importing anything from `cdktf_cdktf_provider_aws` runs the package's `__init__`, which imports all
of its 2,135 modules (12 s and 590 MB, or more). Its JavaScript half then requires them all again in
jsii's Node.js process. There are three measures. They change nothing else, so the output stays the
same byte for byte (tests/synth/test_lazy_bindings.py):

- Python: a bare package with the real `__path__` is registered before the first import, so that
  `import cdktf_cdktf_provider_aws.sqs_queue` finds its module without running `__init__`.
- Node.js: `lazy_requires.cjs`, preloaded through NODE_OPTIONS, turns the index's requires into
  getters.
- Type checks: a binding computes the type hints of its signature at every call; now once.

Call `activate()` before the first import of cdktf. `ORDERS_EAGER_BINDINGS=1` disables all three,
for the comparison.
"""

import functools
import importlib.util
import os
import sys
import types
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any

PACKAGE = "cdktf_cdktf_provider_aws"
ROOT = Path(__file__).resolve().parents[2]


def activate() -> None:
    """Prepare this process and jsii's Node.js process; a second call changes nothing."""
    _use_pinned_node()
    if os.environ.get("ORDERS_EAGER_BINDINGS") == "1":
        return
    if PACKAGE not in sys.modules:
        sys.modules[PACKAGE] = _bare_package()
        typing.get_type_hints = _cached_by_signature(typing.get_type_hints)
    # --no-deprecation: libraries in cdktf's bundle use what Node.js 24 deprecates, with a warning a
    # run.
    requires = str(Path(__file__).with_name("lazy_requires.cjs")).replace("\\", "\\\\").replace('"', '\\"')
    hook = f'--no-deprecation --require "{requires}"'
    options = os.environ.get("NODE_OPTIONS", "")
    if hook not in options:
        os.environ["NODE_OPTIONS"] = f"{options} {hook}".strip()


def _cached_by_signature(get_type_hints: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    once = functools.cache(get_type_hints)

    def of(obj: Any, *more: Any, **named: Any) -> dict[str, Any]:
        # jsii generates these stubs only for type checks; all other hints are computed as before.
        if more or named or not getattr(obj, "__name__", "").startswith("_typecheckingstub__"):
            return get_type_hints(obj, *more, **named)
        return once(obj)

    return of


def _bare_package() -> types.ModuleType:
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.submodule_search_locations is None:
        raise ModuleNotFoundError(f"{PACKAGE} is not installed: run `make install`", name=PACKAGE)
    package = types.ModuleType(PACKAGE)
    package.__path__ = list(spec.submodule_search_locations)
    package.__spec__ = spec
    return package


def _use_pinned_node() -> None:
    """Let jsii run the Node.js of package.json: for an older one jsii prints a banner."""
    node = ROOT / "node_modules" / ".bin" / "node"
    if node.exists():
        os.environ.setdefault("JSII_NODE", str(node))
