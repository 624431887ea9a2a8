"""Put the built page where its environment serves it from: `python -m deployment.web dev`.

Files whose names tell their content go first and may be kept for a year; `index.html`, which names them, goes last.
What earlier pages consisted of stays: a browser that still shows one may ask for it.
"""

import argparse
import hashlib
import json
import mimetypes
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from deployment.checkout import ROOT, LocalRunError
from deployment.command import run
from deployment.stack import Stack, synthesized

DIST = ROOT / "web" / "dist"
INDEX = "index.html"
HASHED = "assets/"
ONE_YEAR = "public, max-age=31536000, immutable"
ALWAYS_ASK = "no-cache"
NEEDED = ("web_bucket", "web_distribution_id", "web_url")


def page_files(folder: Path = DIST) -> dict[str, Path]:
    """The built files by key, in the order in which they are put; an error when there are none."""
    if not (folder / INDEX).is_file():
        raise LocalRunError("the page isn't built: run `make web` first")
    keys = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return dict(sorted(keys.items(), key=lambda item: (item[0] == INDEX, not item[0].startswith(HASHED), item[0])))


def differing(s3: Any, bucket: str, files: dict[str, Path]) -> list[str]:
    """The keys that the bucket doesn't have, or has with another content."""
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    there = {one["Key"]: one["ETag"].strip('"') for page in pages for one in page.get("Contents", [])}
    # The ETag of an object that was put whole and encrypted by S3 itself is its MD5.
    return [key for key, path in files.items() if there.get(key) != _md5(path)]


def put_page(s3: Any, bucket: str, folder: Path = DIST) -> list[str]:
    """Put what differs into the bucket; returns the keys that were put, in that order."""
    files = page_files(folder)
    put = differing(s3, bucket, files)
    for key in put:
        s3.put_object(
            Bucket=bucket,
            Key=key,
            Body=files[key].read_bytes(),
            ContentType=content_type(key),
            CacheControl=ONE_YEAR if key.startswith(HASHED) else ALWAYS_ASK,
        )
    return put


def invalidate(cloudfront: Any, distribution_id: str, keys: Iterable[str]) -> None:
    """Let the edges forget what was replaced; names that tell their content never are."""
    paths = [f"/{key}" for key in keys if not key.startswith(HASHED)]
    if paths:
        batch = {"Paths": {"Quantity": len(paths), "Items": paths}, "CallerReference": str(time.time_ns())}
        cloudfront.create_invalidation(DistributionId=distribution_id, InvalidationBatch=batch)


def content_type(key: str) -> str:
    """What a browser is told of a file; one that nobody knows is bytes."""
    type_ = mimetypes.guess_type(key)[0] or "application/octet-stream"
    return f"{type_}; charset=utf-8" if type_.startswith("text/") else type_


def deployed_page(stack: Stack) -> dict[str, str] | None:
    """What the stack told of itself, None when it isn't deployed."""
    stack.read_terraform("init", "-input=false", "-reconfigure", "-no-color")
    outputs = json.loads(stack.read_terraform("output", "-json"))
    if any(name not in outputs for name in NEEDED):
        return None
    return {name: str(outputs[name]["value"]) for name in NEEDED}


def put(environment: str, stack: Stack) -> None:
    """Put the page of this checkout, and say where it is."""
    page_files()
    page = deployed_page(stack)
    if page is None:
        raise LocalRunError(f"{stack.name} isn't deployed: run `make deploy ENV={environment}` first")
    with stack.calling_aws():
        keys = put_page(stack.client("s3"), page["web_bucket"])
        invalidate(stack.client("cloudfront"), page["web_distribution_id"], keys)
    print(f"{stack.name}: {len(keys)} of {len(page_files())} files were put; the page is at {page['web_url']}")


def is_newest(stack: Stack) -> bool:
    """Tell whether the environment serves this checkout's page."""
    files, page = page_files(), deployed_page(stack)
    if page is None:
        return False
    with stack.calling_aws():
        return not differing(stack.client("s3"), page["web_bucket"], files)


def _md5(path: Path) -> str:
    return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()


def main(arguments: Sequence[str]) -> int:
    """Put the page of one environment, or print for a workflow whether that is needed."""
    parser = argparse.ArgumentParser(prog="python -m deployment.web", description=__doc__)
    parser.add_argument("environment")
    parser.add_argument("--check", action="store_true", help="put nothing; print page=true when there is a newer page")
    options = parser.parse_args(arguments)
    page_files()
    stack = synthesized("web", options.environment)
    if options.check:
        print(f"page={'false' if is_newest(stack) else 'true'}")
    else:
        put(options.environment, stack)
    return 0


if __name__ == "__main__":
    run(main)
