"""Reach loopback directly, never through a proxy that the user's environment or system names.

AWS's SDK: `Config(proxies=proxies_for(url))`. httpx: `trust_env=False`. urllib: `open_url`. Other programs:
`without_proxy(environment)`.
"""

import ipaddress
import socket
import urllib.request
from collections.abc import Mapping
from urllib.parse import urlsplit

HOSTS = ("127.0.0.1", "localhost", "::1")
# Some programs read the one, some the other, and some both.
NAMES = ("NO_PROXY", "no_proxy")
# Without a look at variables or settings: a proxy's URL that can't be parsed is an error of urllib's, NO_PROXY or not.
open_url = urllib.request.build_opener(urllib.request.ProxyHandler({})).open


def proxies_for(url: str | None) -> dict[str, str] | None:
    """Return AWS's SDK's word for "no proxy" when the URL is on loopback; else None, which leaves it to the machine."""
    return {} if url and urlsplit(url).hostname in HOSTS else None


def is_on_this_machine(url: str) -> bool:
    """Return True if the URL's host is this machine by its own name or number; no other name is looked up."""
    try:
        host = (urlsplit(url if "//" in url else f"//{url}").hostname or "").rstrip(".")
    except ValueError:  # no URL at all
        return False
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        try:
            address = ipaddress.ip_address(socket.inet_aton(host))  # also 127.1, as clients read it
        except OSError:
            return False
    address = getattr(address, "ipv4_mapped", None) or address
    return address.is_loopback or address.is_unspecified


def without_proxy(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment with loopback among the hosts that need no proxy, besides those that the user named."""
    extended = dict(environment)
    for name, other in (NAMES, NAMES[::-1]):
        named = environment.get(name, environment.get(other, ""))
        extended[name] = named if named.strip() == "*" else ",".join(_with_loopback(named))
    return extended


def _with_loopback(named: str) -> list[str]:
    hosts = [host.strip() for host in named.split(",") if host.strip()]
    return [*hosts, *(host for host in HOSTS if host not in hosts)]
