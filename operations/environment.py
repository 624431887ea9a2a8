"""An environment as boto3 reaches it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from deployment.aws_account import local_session, require_usable_settings
from deployment.local_outputs import read_outputs
from deployment.loopback_without_proxy import proxies_for
from deployment.repository_paths import RUN_DIRECTORY
from environments.names import Names
from environments.settings import environment_names, settings_of
from environments.user_error import UserError

# Longer than the functions that are invoked may run, and once: what they do isn't to be done twice unasked.
INVOKE_SECONDS = 65


@dataclass(frozen=True, kw_only=True)
class Environment:
    """The names of an environment's resources, and clients for their services."""

    names: Names
    client: Callable[[str], Any]

    def queue_url(self, name: str) -> str:
        """The URL of a queue."""
        return str(self.client("sqs").get_queue_url(QueueName=name)["QueueUrl"])


def names_of(name: str) -> Names:
    """Return the names of the resources of an environment of environments.toml."""
    if name not in environment_names():
        raise UserError(f"--env must be one of {', '.join(environment_names())}, got {name!r}")
    return settings_of(name).names


def open_environment(name: str) -> Environment:
    """The environment of that name in environments.toml; UserError when the credentials are another account's."""
    names = names_of(name)
    if settings_of(name).custom_endpoint:
        reached = local_run_environment(read_outputs(RUN_DIRECTORY), names)
        account = _account_of_local_run(reached)
    else:
        require_usable_settings()
        reached = Environment(names=names, client=_clients(region_name=names.region))
        account = reached.client("sts").get_caller_identity()["Account"]
    if account != names.account_id:
        raise UserError(f"{name} is in account {names.account_id}, but the credentials are of account {account}")
    return reached


def local_run_environment(outputs: Mapping[str, Any], names: Names) -> Environment:
    """A local run, with the keys that it wrote down."""
    return Environment(
        names=names,
        client=_clients(
            region_name=outputs["region"],
            endpoint_url=outputs["aws_endpoint_url"],
            aws_access_key_id=outputs["access_key_id"],
            aws_secret_access_key=outputs["secret_access_key"],
        ),
    )


def _account_of_local_run(run: Environment) -> str:
    """The account that it plays; UserError when it doesn't answer: nobody signs in to it."""
    from botocore.exceptions import BotoCoreError, ClientError  # here, so that --help answers at once

    try:
        return str(run.client("sts").get_caller_identity()["Account"])
    except (BotoCoreError, ClientError) as error:
        raise UserError(f"the local run doesn't answer: {error}; `make status` says more") from error


def _clients(**arguments: Any) -> Callable[[str], Any]:
    @cache
    def client(service: str) -> Any:
        import boto3  # here, so that --help answers at once
        from botocore.config import Config

        local = "endpoint_url" in arguments
        patience = Config(
            connect_timeout=5,
            read_timeout=INVOKE_SECONDS if service == "lambda" else 30,
            retries={"mode": "standard", "total_max_attempts": 1 if service == "lambda" else 4},
            s3={"addressing_style": "path"} if local else None,
            proxies=proxies_for(arguments.get("endpoint_url")),
        )
        make: Callable[..., Any] = local_session().client if local else boto3.client
        return make(service, config=patience, **arguments)

    return client
