"""Loopback needs no proxy, and the user's other settings for proxies stay."""

import pytest

from deployment.loopback_without_proxy import proxies_for, without_proxy

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
