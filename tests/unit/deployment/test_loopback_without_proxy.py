"""Loopback needs no proxy, and the user's other settings for proxies stay."""

import pytest

from deployment.loopback_without_proxy import is_on_this_machine, proxies_for, without_proxy

LOOPBACK = "127.0.0.1,localhost,::1"


@pytest.mark.parametrize(
    ("given", "upper", "lower"),
    [
        ({}, LOOPBACK, LOOPBACK),
        ({"NO_PROXY": "corp.example"}, f"corp.example,{LOOPBACK}", f"corp.example,{LOOPBACK}"),
        ({"no_proxy": "corp.example"}, f"corp.example,{LOOPBACK}", f"corp.example,{LOOPBACK}"),
        ({"NO_PROXY": "a, b", "no_proxy": "c"}, f"a,b,{LOOPBACK}", f"c,{LOOPBACK}"),
        ({"NO_PROXY": "a", "no_proxy": ""}, f"a,{LOOPBACK}", LOOPBACK),
        ({"NO_PROXY": "localhost,a"}, "localhost,a,127.0.0.1,::1", "localhost,a,127.0.0.1,::1"),
        ({"NO_PROXY": "*"}, "*", "*"),
    ],
)
def test_loopback_is_added_to_what_needs_no_proxy(given: dict[str, str], upper: str, lower: str) -> None:
    found = without_proxy({"HTTP_PROXY": "http://proxy.example", **given})

    assert found == {"HTTP_PROXY": "http://proxy.example", "NO_PROXY": upper, "no_proxy": lower}


@pytest.mark.parametrize("url", ["http://127.0.0.1:4566", "http://localhost:4566/", "http://[::1]:4566"])
def test_a_client_of_loopback_has_no_proxy(url: str) -> None:
    assert proxies_for(url) == {}


@pytest.mark.parametrize("url", [None, "", "https://sqs.eu-central-1.amazonaws.com", "https://127.0.0.1.example"])
def test_a_client_of_aws_has_the_machines(url: str | None) -> None:
    assert proxies_for(url) is None


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.8.9.10", "localhost", "LOCALHOST", "localhost.", "s3.localhost", "127.1", "2130706433"),
        *("[::1]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "0.0.0.0", "[::]", "user:word@127.0.0.1"),  # noqa: S104
    ],
)
def test_this_machine_is_known_by_each_of_its_names(host: str) -> None:
    assert [is_on_this_machine(f"{start}{host}:4566") for start in ("http://", "https://", "")] == [True] * 3
    assert is_on_this_machine(f"http://{host}/path")


@pytest.mark.parametrize(
    "url",
    [
        *("", "nowhere", "http://", "http://[", "https://sqs.eu-central-1.amazonaws.com", "https://127.0.0.1.example"),
        *("https://localhost.example", "https://notlocalhost", "http://10.0.0.1:4566", "http://[fd00::1]"),
    ],
)
def test_no_other_host_is_this_machine(url: str) -> None:
    assert not is_on_this_machine(url)
