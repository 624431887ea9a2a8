"""Write Terraform's CLI configuration: the parts of the user's own that concern the one provider that is allowed.

Terraform reads the file that TF_CLI_CONFIG_FILE names and no other. So all that a run needs of the user's files is
merged into one.
"""

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import hcl

from deployment.child_environment import home
from deployment.terraform_provider import ADDRESS
from deployment.terraform_version import ask_version
from environments.user_error import UserError

# The variables that name it, today's and the first one.
NAMES = ("TF_CLI_CONFIG_FILE", "TERRAFORM_CONFIG")
UNREADABLE = re.compile(r"problems with the CLI configuration:.*?Error: ([^\n]+)", re.DOTALL)
# What a run takes over as it is. `provider_installation` is written anew.
KEPT = ("credentials", "credentials_helper", "host")
INSTALLATION = "provider_installation"
OVERRIDES = "dev_overrides"
DEFAULT_HOST = ADDRESS.partition("/")[0]
Methods = list[tuple[str, dict[str, Any]]]


class UnreadableConfiguration(UserError):
    """A CLI configuration that Terraform can't read; it would go on without."""


def read_user_configuration(terraform: Path) -> dict[str, Any]:
    """Read what the user's files say, together; raises UserError, UnreadableConfiguration if one can't be read."""
    given = next((file for file in map(os.environ.get, NAMES) if file), "")
    named = os.path.exists(given)
    files = [Path(os.path.abspath(given))] if named else _files_in_the_home()
    if not files:
        return {}
    complaint = UNREADABLE.search(ask_version(terraform, {NAMES[0]: str(files[0])} if named else {}).stderr)
    if complaint:
        raise UnreadableConfiguration(_unusable(complaint[1], named))
    found: dict[str, Any] = {}
    for file in files:
        try:
            _merge(found, hcl.loads(file.read_text(encoding="utf-8")))
        except (OSError, ValueError) as error:
            raise UnreadableConfiguration(_unusable(f"{file}: {error}", named)) from error
    overridden = [name for kind, body in _blocks(found.get(INSTALLATION)) if kind == OVERRIDES for name in body]
    if any(map(_is_ours, overridden)):
        raise UserError(_unusable(f"{OVERRIDES} has another provider than the locked one run as {ADDRESS}", named))
    return found


def methods_for_our_provider(configuration: Mapping[str, Any]) -> Methods:
    """The ways by which the configuration installs the stacks' provider; a mirror that hasn't got it is passed over."""
    return [(kind, body) for kind, body in _blocks(configuration.get(INSTALLATION)) if _gives_ours(kind, body)]


def write_configuration(configuration: Mapping[str, Any], methods: Methods, *, to: Path) -> Path:
    """Write a configuration that installs the stacks' provider by these methods, and no other provider.

    For its owner's eyes only: it may hold credentials. Its name tells its content, so that runs with others don't meet.
    """
    installation: dict[str, list[dict[str, Any]]] = {}
    for kind, body in methods:
        place: dict[str, Any] = {name: body[name] for name in ("path", "url") if name in body}
        installation.setdefault(kind, []).append({**place, "include": [ADDRESS]})
    kept = {name: configuration[name] for name in KEPT if name in configuration}
    text = json.dumps({**kept, INSTALLATION: installation}, indent=2) + "\n"
    path = to / f"terraform-{hashlib.sha256(text.encode()).hexdigest()[:16]}.tfrc.json"
    # Others read it meanwhile: a Terraform that finds half of it would go to the registry or fail.
    with tempfile.NamedTemporaryFile("w", dir=to, suffix=".partial", delete=False, encoding="utf-8") as partial:
        partial.write(text)
    Path(partial.name).replace(path)
    return path


def _files_in_the_home() -> list[Path]:
    folder = Path(home())
    own = [folder / ".terraformrc"]
    more = [path for end in ("*.tfrc", "*.tfrc.json") for path in (folder / ".terraform.d").glob(end)]
    return [file for file in own + sorted(more) if file.exists()]


def _merge(found: dict[str, Any], more: Mapping[str, Any]) -> None:
    for name, value in more.items():
        both = isinstance(value, dict) and isinstance(found.get(name), dict)
        found[name] = {**found[name], **value} if both else value


def _unusable(reason: str, named: bool) -> str:
    remedy = f"mend it, or `unset {' '.join(NAMES)}`" if named else "mend it"
    return f"Terraform's CLI configuration can't be used: {' '.join(reason.split())}; {remedy}"


def _blocks(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield what is inside a block, by type; both notations have one block or a list of them."""
    for block in _listed(value):
        for kind, bodies in block.items():
            for body in _listed(bodies):
                yield kind, body


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value or {}]


def _gives_ours(kind: str, body: Mapping[str, Any]) -> bool:
    is_mirror = kind == "filesystem_mirror"
    if kind == OVERRIDES or (is_mirror and not os.path.isdir(os.path.join(body["path"], ADDRESS))):
        return False
    included = any(map(_is_ours, body.get("include") or ["*/*/*"]))
    return included and not any(map(_is_ours, body.get("exclude") or []))


def _is_ours(pattern: str) -> bool:
    """Return True if a provider's address, or a pattern with `*` for a part of one, is of the stacks' provider."""
    parts = pattern.casefold().split("/")
    parts = [DEFAULT_HOST, *parts] if len(parts) == 2 else parts
    own = ADDRESS.split("/")
    return len(parts) == len(own) and all(part in ("*", mine) for part, mine in zip(parts, own, strict=True))
