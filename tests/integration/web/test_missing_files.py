"""Answers of CloudFront for a file that isn't in the bucket."""

import json
from collections.abc import Callable, Iterator

import pytest

from tests.integration.web.conftest import BUCKET, OBJECTS, Browser

GONE = "/assets/gone-9z.js"
# This distribution has its own page for the bucket's 403.
REFUSED = OBJECTS["missing.html"][2]


@pytest.fixture
def grant(browser: Browser) -> Iterator[Callable[..., None]]:
    """Give the distribution one more permission on the bucket, until the test ends."""
    s3 = browser.server.client("s3")
    before = s3.get_bucket_policy(Bucket=BUCKET)["Policy"]

    def more(action: str, *, distribution: str | None = None) -> None:
        document = json.loads(before)
        (serving,) = document["Statement"]
        arn = distribution or serving["Condition"]["StringEquals"]["AWS:SourceArn"]
        condition = {"StringEquals": {"AWS:SourceArn": arn}}
        statement = {**serving, "Action": action, "Resource": f"arn:aws:s3:::{BUCKET}", "Condition": condition}
        document["Statement"].append(statement)
        s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(document))

    yield more
    s3.put_bucket_policy(Bucket=BUCKET, Policy=before)


def test_a_distribution_that_may_list_the_bucket_says_that_a_file_is_missing(
    browser: Browser, grant: Callable[..., None]
) -> None:
    grant("s3:ListBucket")

    status, _, body = browser.ask(GONE)

    assert status == 404
    assert "NoSuchKey" in body


@pytest.mark.parametrize("other", [False, True])
def test_one_that_may_not_is_refused_as_before(browser: Browser, grant: Callable[..., None], other: bool) -> None:
    if other:
        grant("s3:ListBucket", distribution="arn:aws:cloudfront::000000000000:distribution/EOTHER")

    _, _, body = browser.ask(GONE)

    assert body == REFUSED
