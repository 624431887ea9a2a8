"""Putting the built page where it is served, on the emulator's buckets and distributions."""

import uuid
from pathlib import Path
from typing import Any

import pytest

from deployment import web
from deployment.checkout import LocalRunError
from deployment.stack import Stack
from deployment.web import differing, invalidate, page_files, put_page
from local.emulator.process import Server

ONE_YEAR = "public, max-age=31536000, immutable"


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """A page as the build leaves it."""
    (tmp_path / "dist" / "assets").mkdir(parents=True)
    files = {
        "index.html": "<p>1</p>",
        "icon.svg": "<svg/>",
        "assets/app-1a.js": "start()",
        "assets/app-1a.css": "p{}",
        "robots.txt": "",
    }
    for name, text in files.items():
        (tmp_path / "dist" / name).write_text(text)
    return tmp_path / "dist"


@pytest.fixture
def bucket(emulator: Server) -> str:
    name = f"page-{uuid.uuid4().hex[:8]}"
    emulator.client("s3").create_bucket(Bucket=name)
    return name


def test_what_the_index_names_is_there_before_it(emulator: Server, bucket: str, dist: Path) -> None:
    put = put_page(emulator.client("s3"), bucket, dist)

    assert put == ["assets/app-1a.css", "assets/app-1a.js", "icon.svg", "robots.txt", "index.html"]


@pytest.mark.parametrize(
    ("key", "content_type", "cache_control"),
    [
        ("index.html", "text/html; charset=utf-8", "no-cache"),
        ("icon.svg", "image/svg+xml", "no-cache"),
        ("assets/app-1a.js", "text/javascript; charset=utf-8", ONE_YEAR),
        ("assets/app-1a.css", "text/css; charset=utf-8", ONE_YEAR),
    ],
)
def test_a_browser_is_told_what_a_file_is_and_how_long_to_keep_it(
    emulator: Server, bucket: str, dist: Path, key: str, content_type: str, cache_control: str
) -> None:
    s3 = emulator.client("s3")

    put_page(s3, bucket, dist)

    told = s3.head_object(Bucket=bucket, Key=key)
    assert (told["ContentType"], told["CacheControl"]) == (content_type, cache_control)


def test_only_what_differs_is_put_and_what_earlier_pages_had_stays(emulator: Server, bucket: str, dist: Path) -> None:
    s3 = emulator.client("s3")
    put_page(s3, bucket, dist)
    (dist / "assets" / "app-1a.js").rename(dist / "assets" / "app-2b.js")
    (dist / "index.html").write_text("<p>2</p>")

    put = put_page(s3, bucket, dist)

    assert put == ["assets/app-2b.js", "index.html"]
    assert differing(s3, bucket, page_files(dist)) == []
    assert s3.get_object(Bucket=bucket, Key="assets/app-1a.js")["Body"].read() == b"start()"


def test_the_edges_forget_what_was_replaced_and_no_name_that_tells_its_content() -> None:
    asked: list[dict[str, Any]] = []

    class Distributions:
        def create_invalidation(self, **request: Any) -> None:
            asked.append(request)

    invalidate(Distributions(), "E1", ["assets/app-2b.js", "icon.svg", "index.html"])
    invalidate(Distributions(), "E1", ["assets/app-2b.js"])

    (only,) = asked
    assert only["DistributionId"] == "E1"
    assert only["InvalidationBatch"]["Paths"] == {"Quantity": 2, "Items": ["/icon.svg", "/index.html"]}


def test_a_page_that_isnt_built_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(LocalRunError) as refused:
        page_files(tmp_path)

    assert str(refused.value) == "the page isn't built: run `make web` first"


def test_a_stack_that_isnt_deployed_is_one_line(monkeypatch: pytest.MonkeyPatch, dist: Path) -> None:
    monkeypatch.setattr(web, "page_files", lambda: page_files(dist))
    monkeypatch.setattr(Stack, "read_terraform", lambda *_: "{}")

    with pytest.raises(LocalRunError) as refused:
        web.put("dev", Stack("web-dev", dist, {}))

    assert str(refused.value) == "web-dev isn't deployed: run `make deploy ENV=dev` first"
