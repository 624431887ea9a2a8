"""Upload the built page to where its environment serves it from: `python -m deployment.page_delivery dev`.

Files whose names tell their content go first and may be kept for a year; `index.html`, which names them, goes last.
What earlier pages consisted of stays: a browser that still shows one may ask for it.
"""

import argparse
import hashlib
import json
import mimetypes
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from deployment.escaped_text import visible
from deployment.local_outputs import read_outputs
from deployment.repository_paths import ROOT, RUN_DIRECTORY
from deployment.run_command import run
from deployment.stack import Stack, synthesized
from environments.names import CONTENT_HASH, LOCAL
from environments.user_error import UserError

DIST = ROOT / "web" / "dist"
INDEX = "index.html"
# Terraform writes it: stacks/web/stack.py.
CONFIGURATION = "config.json"
HASHED = "assets/"
ONE_YEAR = "public, max-age=31536000, immutable"
ALWAYS_ASK = "no-cache"
NEEDED = ("web_bucket", "web_distribution_id", "web_url")


def page_files(folder: Path) -> dict[str, Path]:
    """Return the built files by key, in the order of their upload; raises UserError when there are none."""
    if not (folder / INDEX).is_file():
        raise UserError("the page isn't built: run `make web` first")
    keys = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    if CONFIGURATION in keys:
        raise UserError(f"{CONFIGURATION} is what Terraform tells the page: take it out of web/public")
    return dict(sorted(keys.items(), key=lambda item: (item[0] == INDEX, not item[0].startswith(HASHED), item[0])))


def deployed_hashes(s3: Any, bucket: str) -> dict[str, str]:
    """Return the hash of each content in the bucket, by key, and nothing where the name tells it."""
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    keys = [one["Key"] for page in pages for one in page.get("Contents", [])]
    return {key: "" if key.startswith(HASHED) else _hash_there(s3, bucket, key) for key in keys}


def _hash_there(s3: Any, bucket: str, key: str) -> str:
    """Return the hash that an object was uploaded with; without one its ETag.

    An ETag is no hash of the content where a key of the account encrypts the object.
    """
    head = s3.head_object(Bucket=bucket, Key=key)
    return str(head["Metadata"].get(CONTENT_HASH, head["ETag"].strip('"')))


def changed_keys(there: Mapping[str, str], files: Mapping[str, Path]) -> list[str]:
    """Return the keys that aren't there, or are with another content."""
    return [key for key, path in files.items() if there.get(key) != ("" if key.startswith(HASHED) else _hash(path))]


def served_fingerprint(there: Mapping[str, str]) -> str:
    """Return a fingerprint of the served page.

    It is a hash of the files whose names don't tell their content, but for what Terraform wrote.
    """
    named = sorted(one for one in there.items() if not one[0].startswith(HASHED) and one[0] != CONFIGURATION)
    return hashlib.sha256(json.dumps(named).encode()).hexdigest()


def upload_changed_files(
    s3: Any, bucket: str, files: Mapping[str, Path], *, instead_of: str | None = None
) -> list[str]:
    """Upload what differs; return the keys that were uploaded, in that order.

    With `instead_of`, the fingerprint of a page, only when that page is served; else raises UserError.
    """
    there = deployed_hashes(s3, bucket)
    changed = changed_keys(there, files)
    if changed and instead_of not in (None, served_fingerprint(there)):
        raise UserError(
            "the page was not uploaded: another one was, since this one was compared with what is served;"
            " it may be newer. Deliver the newest commit of main"
        )
    for key in changed:
        s3.put_object(
            Bucket=bucket,
            Key=key,
            Body=files[key].read_bytes(),
            Metadata={CONTENT_HASH: _hash(files[key])},
            ContentType=content_type(key),
            CacheControl=ONE_YEAR if key.startswith(HASHED) else ALWAYS_ASK,
        )
    return changed


def invalidate(cloudfront: Any, distribution_id: str, keys: Iterable[str]) -> None:
    """Let the edges forget what was replaced; names that tell their content never are."""
    paths = [f"/{key}" for key in keys if not key.startswith(HASHED)]
    if paths:
        batch = {"Paths": {"Quantity": len(paths), "Items": paths}, "CallerReference": str(time.time_ns())}
        cloudfront.create_invalidation(DistributionId=distribution_id, InvalidationBatch=batch)


def content_type(key: str) -> str:
    """Return the content type of a file; one that nobody knows is bytes."""
    type_ = mimetypes.guess_type(key)[0] or "application/octet-stream"
    return f"{type_}; charset=utf-8" if type_.startswith("text/") else type_


def deployed_page(stack: Stack) -> dict[str, str] | None:
    """Return the outputs of the page's stack, None when it isn't deployed."""
    stack.initialize("-reconfigure", "-no-color", quiet=True)
    outputs = json.loads(stack.read_terraform("output", "-json"))
    if any(name not in outputs for name in NEEDED):
        return None
    return {name: str(outputs[name]["value"]) for name in NEEDED}


def deliver_page(environment: str, stack: Stack, files: Mapping[str, Path], *, instead_of: str | None = None) -> None:
    """Upload the page, and say where it is; with `instead_of`, as a delivery does."""
    page = deployed_page(stack)
    if page is None and instead_of is not None:
        # An environment's first delivery deploys the API alone: the page's stack couldn't be planned.
        print(f"{stack.name} isn't deployed yet: the next delivery plans it, and uploads the page.")
        return
    if page is None:
        raise UserError(f"{stack.name} isn't deployed: run `make deploy ENV={environment}` first")
    with stack.calling_aws():
        keys = upload_changed_files(stack.client("s3"), page["web_bucket"], files, instead_of=instead_of)
        invalidate(stack.client("cloudfront"), page["web_distribution_id"], keys)
    # Terraform doesn't know where the local run serves what CloudFront would.
    told = {**page, **read_outputs(RUN_DIRECTORY)} if environment == LOCAL else page
    print(f"{stack.name}: {len(keys)} of {len(files)} files were uploaded; the page is at {visible(told['web_url'])}")


def compare_page(stack: Stack, files: Mapping[str, Path]) -> dict[str, str]:
    """Return for a delivery whether there is a page to upload, and the fingerprint of the one that is served."""
    page, there = deployed_page(stack), {}
    if page is not None:
        with stack.calling_aws():
            there = deployed_hashes(stack.client("s3"), page["web_bucket"])
    return {"page": "true" if changed_keys(there, files) else "false", "served": served_fingerprint(there)}


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main(arguments: Sequence[str]) -> int:
    """Upload the page of one environment, or print for a workflow whether that is needed."""
    parser = argparse.ArgumentParser(prog="python -m deployment.page_delivery", description=__doc__)
    parser.add_argument("environment")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--check", action="store_true", help="upload nothing; print whether to, and what is served now")
    how.add_argument("--instead-of", metavar="SERVED", help="replace the page that a check found, and no other")
    options = parser.parse_args(arguments)
    files = page_files(DIST)
    stack = synthesized("web", options.environment)
    if options.check:
        for name, value in compare_page(stack, files).items():
            print(f"{name}={value}")
    else:
        deliver_page(options.environment, stack, files, instead_of=options.instead_of)
    return 0


if __name__ == "__main__":
    run(main)
