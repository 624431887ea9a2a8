"""Reaches the account of an environment: the local run by its own keys only, AWS as the user has set it up."""

import os
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING

from deployment.local_outputs import aws_environment, read_outputs
from deployment.loopback_without_proxy import is_on_this_machine
from deployment.repository_paths import RUN_DIRECTORY
from environments.names import LOCAL
from environments.user_error import UserError

# AWS's SDK takes long to load, so it is imported where it is called.
if TYPE_CHECKING:
    import boto3
    from botocore.session import Session

# In the order in which AWS's SDK looks.
PROFILE = ("AWS_DEFAULT_PROFILE", "AWS_PROFILE")
# Terraform's backend and provider read the second kind too, and these services' even when AWS's SDKs are told to ignore
# what is configured.
ENDPOINT = re.compile(r"AWS_ENDPOINT_URL(_\w+)?|AWS_(DYNAMODB|IAM|S3|SSO|STS)_ENDPOINT")
NEVER_IGNORED = re.compile(r"AWS_ENDPOINT_URL_(DYNAMODB|IAM|S3|SSO|STS)|AWS_\w+_ENDPOINT")


def account_of(environment: str) -> Mapping[str, str]:
    """The variables of the local run's account; none for AWS, where those of the user hold.

    Raises UserError when the local run isn't up, or AWS's SDK can't work with what the user has set up.
    """
    if environment == LOCAL:
        return aws_environment(read_outputs(RUN_DIRECTORY))
    require_usable_settings()
    return {}


@cache
def local_session() -> "boto3.Session":
    """A session for clients of the local run: it knows nothing of the user's `AWS_*` variables and AWS files."""
    import boto3
    from botocore.configprovider import ConstantProvider
    from botocore.loaders import Loader
    from botocore.session import Session

    own = {name: (None, None, default, convert) for name, (_, _, default, convert) in Session.SESSION_VARIABLES.items()}
    nowhere = (None, None, os.devnull, None)
    session = Session(own | {"config_file": nowhere, "credentials_file": nowhere})
    # These variables of S3 are no session variables.
    session.get_component("config_store").set_config_provider("s3", ConstantProvider(None))
    # It would look for models of services in ~/.aws too.
    session.register_component("data_loader", Loader([Loader.BUILTIN_DATA_PATH], include_default_search_paths=False))
    return boto3.Session(botocore_session=session)


def require_usable_settings() -> None:
    """Raise UserError when the user's profile, AWS files or `AWS_*` variables make it impossible to call AWS.

    The local run on this machine is not AWS, and would answer in its name.
    """
    import boto3
    from botocore.exceptions import BotoCoreError, ProfileNotFound
    from botocore.session import Session

    try:
        session = Session()
        boto3.Session(botocore_session=session).client("sts", region_name="us-east-1")
        _refuse_endpoints_here(session)
    except ProfileNotFound as error:
        said = next(name for name in PROFILE if name in os.environ)
        names = ", ".join(sorted(Session().available_profiles)) or "none"
        raise UserError(
            f"{said}={os.environ[said]!r} names no profile of AWS's configuration, which has {names}:"
            f" name one of them, or `unset {said}`"
        ) from error
    except (BotoCoreError, OSError, ValueError) as error:
        reason = " ".join(str(error).split())  # a credential_process may say many lines
        profile = next((f" (profile {os.environ[name]!r})" for name in PROFILE if name in os.environ), "")
        raise UserError(
            f"AWS can't be called as it is set up here{profile}: {reason};"
            " mend the AWS_… variables (`env | grep AWS_`) or ~/.aws/config"
        ) from error


def _refuse_endpoints_here(session: "Session") -> None:
    """Raise UserError when a variable or the profile has AWS's SDKs or Terraform call this machine."""
    is_ignoring = session.get_config_variable("ignore_configured_endpoint_urls")
    read = NEVER_IGNORED if is_ignoring else ENDPOINT
    variables = [
        name for name, value in sorted(os.environ.items()) if read.fullmatch(name) and is_on_this_machine(value)
    ]
    if variables:
        said = ", ".join(f"{name}={os.environ[name]!r}" for name in variables)
        raise UserError(
            f"{said} would have this machine called in place of AWS: `unset {' '.join(variables)}`,"
            " and the keys of the local run if they are set too"
        )
    here = [] if is_ignoring else [one for one in _endpoints_of_profile(session) if is_on_this_machine(one[1])]
    for setting, url in here:
        raise UserError(
            f"{setting} = {url} would have this machine called in place of AWS:"
            " take it out of AWS's configuration, or name another profile with AWS_PROFILE"
        )


def _endpoints_of_profile(session: "Session") -> Iterator[tuple[str, str]]:
    """Yield each `endpoint_url` of the profile that no variable overrides, with where it stands."""
    if os.environ.get("AWS_ENDPOINT_URL"):
        return
    profile, scoped = session.profile or "default", session.get_scoped_config()
    if isinstance(scoped.get("endpoint_url"), str):
        yield f"endpoint_url of the profile {profile!r}", scoped["endpoint_url"]
    section = session.full_config.get("services", {}).get(scoped.get("services"), {})
    for service, settings in section.items():
        if isinstance(settings, dict) and not os.environ.get(f"AWS_ENDPOINT_URL_{service.upper()}"):
            yield (
                f"endpoint_url of {service} in [services {scoped['services']}], which the profile {profile!r} names,",
                str(settings.get("endpoint_url", "")),
            )
