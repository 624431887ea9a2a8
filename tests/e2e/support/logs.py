"""All logs of a deployed system."""

import re
from collections.abc import Iterable, Mapping

from local.run import LOG
from tests.conftest import Deployment
from tests.e2e.support.administrator_access import AdministratorAccess

# No log may identify a customer, let anybody act as one, or show their payment method.
SECRETS = {
    "an e-mail address": re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+"),
    "a token": re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}"),
    "a payment method": re.compile(r"\bpm_\w+"),
}


def all_logs(account: AdministratorAccess, deployment: Deployment) -> dict[str, str]:
    """Return the text of each log group and of the server's log, by name."""
    logs = account.client("logs")
    groups = [
        group["logGroupName"]
        for page in logs.get_paginator("describe_log_groups").paginate()
        for group in page["logGroups"]
    ]
    return {
        **{group: "\n".join(_events(account, group)) for group in groups},
        "server": (deployment.run.directory / LOG).read_text(encoding="utf-8", errors="replace"),
    }


def _events(account: AdministratorAccess, group: str) -> Iterable[str]:
    pages = account.client("logs").get_paginator("filter_log_events").paginate(logGroupName=group)
    return (event["message"] for page in pages for event in page["events"])


def secrets_in(logs: Mapping[str, str]) -> list[str]:
    """Return the first line of each log that has a secret of each kind."""
    return [
        f"{name} says {what}: {line}"
        for name, text in logs.items()
        for what, pattern in SECRETS.items()
        for line in [next((line for line in text.splitlines() if pattern.search(line)), None)]
        if line is not None
    ]
