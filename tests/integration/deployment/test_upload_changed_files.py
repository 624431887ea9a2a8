"""Uploading the built page to a bucket: the files, their order, and their headers."""

from pathlib import Path
from typing import Any

import pytest

from deployment.page_delivery import changed_keys, deployed_hashes, invalidate, page_files, upload_changed_files
from environments.user_error import UserError
from local.server_process import Server

ONE_YEAR = "public, max-age=31536000, immutable"


def test_what_the_index_names_is_there_before_it(emulator: Server, bucket: str, dist: Path) -> None:
    put = upload_changed_files(emulator.client("s3"), bucket, page_files(dist))

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

    upload_changed_files(s3, bucket, page_files(dist))

    told = s3.head_object(Bucket=bucket, Key=key)
    assert (told["ContentType"], told["CacheControl"]) == (content_type, cache_control)


def test_only_what_differs_is_put_and_what_earlier_pages_had_stays(emulator: Server, bucket: str, dist: Path) -> None:
    s3 = emulator.client("s3")
    upload_changed_files(s3, bucket, page_files(dist))
    (dist / "assets" / "app-1a.js").rename(dist / "assets" / "app-2b.js")
    (dist / "index.html").write_text("<p>2</p>")

    put = upload_changed_files(s3, bucket, page_files(dist))

    assert put == ["assets/app-2b.js", "index.html"]
    assert changed_keys(deployed_hashes(s3, bucket), page_files(dist)) == []
    assert s3.get_object(Bucket=bucket, Key="assets/app-1a.js")["Body"].read() == b"start()"


def test_a_page_that_was_put_without_its_hash_is_put_again(emulator: Server, bucket: str, dist: Path) -> None:
    s3 = emulator.client("s3")
    upload_changed_files(s3, bucket, page_files(dist))
    s3.put_object(Bucket=bucket, Key="index.html", Body=(dist / "index.html").read_bytes())

    put = upload_changed_files(s3, bucket, page_files(dist))

    assert put == ["index.html"]


def test_what_is_compared_is_no_etag_which_a_customers_key_changes(
    emulator: Server, bucket: str, dist: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    s3 = emulator.client("s3")
    upload_changed_files(s3, bucket, page_files(dist))
    head = s3.head_object
    monkeypatch.setattr(s3, "head_object", lambda **named: {**head(**named), "ETag": '"not an MD5"'})

    assert changed_keys(deployed_hashes(s3, bucket), page_files(dist)) == []


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
    with pytest.raises(UserError) as refused:
        page_files(tmp_path)

    assert str(refused.value) == "the page isn't built: run `make web` first"


def test_what_terraform_tells_the_page_is_not_put_over(dist: Path) -> None:
    (dist / "config.json").write_text("{}")

    with pytest.raises(UserError) as refused:
        page_files(dist)

    assert str(refused.value) == "config.json is what Terraform tells the page: take it out of web/public"
