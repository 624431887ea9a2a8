"""`python -m deployment.page_delivery` on a deployed stack: its output, its calls and its refusals."""

import json
from pathlib import Path
from typing import Any

import pytest

from deployment import page_delivery
from deployment.local_outputs import write_outputs
from deployment.stack import Stack
from environments.user_error import UserError
from local.server_process import Server
from tests.integration.support.state_backend import aws_variables

URL = "https://d111111abcdef8.cloudfront.net"
REFUSED = (
    "the page was not uploaded: another one was, since this one was compared with what is served;"
    " it may be newer. Deliver the newest commit of main"
)


@pytest.fixture
def distribution_id(emulator: Server, bucket: str) -> str:
    made = emulator.client("cloudfront").create_distribution(
        DistributionConfig={
            "CallerReference": bucket,
            "Comment": "",
            "Enabled": True,
            "Origins": {"Quantity": 1, "Items": [{"Id": "bucket", "DomainName": f"{bucket}.s3.amazonaws.com"}]},
            "DefaultCacheBehavior": {"TargetOriginId": "bucket", "ViewerProtocolPolicy": "redirect-to-https"},
        }
    )
    return str(made["Distribution"]["Id"])


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The calls that change the account, in order."""
    made: list[str] = []
    client = Stack.client

    def watched(stack: Stack, service: str) -> Any:
        found = client(stack, service)

        def note(model: Any, params: dict[str, Any], **_: Any) -> None:
            if not model.name.startswith(("Get", "Head", "List")):
                made.append(f"{model.name} {params['url_path'].rpartition('/')[2]}")

        found.meta.events.register("before-call", note)
        return found

    monkeypatch.setattr(Stack, "client", watched)
    return made


@pytest.fixture
def undeployed(
    emulator: Server, backend: dict[str, Any], dist: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Stack:
    """The page's stack, not deployed yet, with a built page."""
    (tmp_path / "stack").mkdir()
    stack = Stack("web-dev", tmp_path / "stack", aws_variables(emulator))
    stack.file.write_text(json.dumps({"terraform": {"backend": {"s3": backend}}}))
    monkeypatch.setattr(page_delivery, "synthesized", lambda *_: stack)
    monkeypatch.setattr(page_delivery, "DIST", dist)
    return stack


@pytest.fixture
def stack(undeployed: Stack, bucket: str, distribution_id: str) -> Stack:
    """The page's stack, deployed."""
    told = {"web_bucket": bucket, "web_distribution_id": distribution_id, "web_url": URL}
    configuration = {**undeployed.configuration(), "output": {name: {"value": told[name]} for name in told}}
    undeployed.file.write_text(json.dumps(configuration))
    undeployed.initialize()
    undeployed.terraform("apply", "-input=false", "-auto-approve")
    return undeployed


def output_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Run the command; return its output."""
    capsys.readouterr()
    assert page_delivery.main(["dev", *arguments]) == 0
    return capsys.readouterr().out


def check(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """Run the comparison; return the lines that a workflow reads from it."""
    return dict(line.split("=") for line in output_of(capsys, "--check").splitlines())


@pytest.mark.usefixtures("stack")
def test_the_page_is_uploaded_and_the_edges_forget_the_earlier_one_after_that(
    calls: list[str], emulator: Server, distribution_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    printed = output_of(capsys)

    assert printed == f"web-dev: 5 of 5 files were uploaded; the page is at {URL}\n"
    assert calls == [
        *(f"PutObject {name}" for name in ("app-1a.css", "app-1a.js", "icon.svg", "robots.txt", "index.html")),
        "CreateInvalidation invalidation",
    ]
    cloudfront = emulator.client("cloudfront")
    (one,) = cloudfront.list_invalidations(DistributionId=distribution_id)["InvalidationList"]["Items"]
    batch = cloudfront.get_invalidation(DistributionId=distribution_id, Id=one["Id"])["Invalidation"]
    assert batch["InvalidationBatch"]["Paths"]["Items"] == ["/icon.svg", "/robots.txt", "/index.html"]


@pytest.mark.usefixtures("stack")
def test_a_comparison_tells_whether_there_is_a_page_to_upload_and_uploads_nothing(
    calls: list[str], dist: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = check(capsys)["page"]
    untouched = list(calls)
    output_of(capsys)
    same = check(capsys)["page"]
    (dist / "icon.svg").write_text("<svg>2</svg>")
    changed = check(capsys)["page"]

    assert (before, same, changed) == ("true", "false", "true")
    assert untouched == []


@pytest.mark.usefixtures("stack")
def test_a_delivery_replaces_the_page_that_it_was_compared_with(dist: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output_of(capsys)
    (dist / "index.html").write_text("<p>2</p>")
    compared = check(capsys)["served"]

    printed = output_of(capsys, "--instead-of", compared)

    assert printed == f"web-dev: 1 of 5 files were uploaded; the page is at {URL}\n"


@pytest.mark.usefixtures("stack")
@pytest.mark.parametrize("changed", ["index.html", "icon.svg"])
def test_an_older_delivery_does_not_replace_a_newer_page(
    calls: list[str], dist: Path, capsys: pytest.CaptureFixture[str], changed: str
) -> None:
    output_of(capsys)
    compared = check(capsys)["served"]
    older = (dist / changed).read_text()
    (dist / changed).write_text("newer")
    output_of(capsys)
    (dist / changed).write_text(older)
    calls.clear()

    with pytest.raises(UserError) as refused:
        page_delivery.main(["dev", "--instead-of", compared])

    assert str(refused.value) == REFUSED
    assert calls == []


@pytest.mark.usefixtures("stack")
def test_a_delivery_that_is_run_again_finds_its_page_there(dist: Path, capsys: pytest.CaptureFixture[str]) -> None:
    compared = check(capsys)["served"]
    output_of(capsys, "--instead-of", compared)

    printed = output_of(capsys, "--instead-of", compared)

    assert printed == f"web-dev: 0 of 5 files were uploaded; the page is at {URL}\n"


@pytest.mark.usefixtures("stack")
def test_what_terraform_tells_the_page_is_no_other_page(
    emulator: Server, bucket: str, capsys: pytest.CaptureFixture[str]
) -> None:
    compared = check(capsys)["served"]
    emulator.client("s3").put_object(Bucket=bucket, Key="config.json", Body=b"{}")

    printed = output_of(capsys, "--instead-of", compared)

    assert printed.startswith("web-dev: 5 of 5 files were uploaded;")


@pytest.mark.usefixtures("undeployed")
def test_a_page_whose_stack_isnt_deployed_waits_for_the_next_delivery(
    calls: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    compared = check(capsys)

    printed = output_of(capsys, "--instead-of", compared["served"])

    assert compared["page"] == "true"
    assert printed == "web-dev isn't deployed yet: the next delivery plans it, and uploads the page.\n"
    assert calls == []


@pytest.mark.usefixtures("undeployed")
def test_by_hand_it_is_one_line_that_says_what_to_do() -> None:
    with pytest.raises(UserError) as refused:
        page_delivery.main(["dev"])

    assert str(refused.value) == "web-dev isn't deployed: run `make deploy ENV=dev` first"


@pytest.mark.usefixtures("stack")
def test_the_local_runs_page_is_where_the_run_serves_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_outputs(tmp_path, {"web_url": "http://127.0.0.1:4566/"})
    monkeypatch.setattr(page_delivery, "RUN_DIRECTORY", tmp_path)

    page_delivery.main(["local"])

    assert capsys.readouterr().out.endswith("the page is at http://127.0.0.1:4566/\n")
