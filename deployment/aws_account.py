"""Reaches the account of an environment: the local run by its own keys only, AWS as the user has set it up."""

import os
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from deployment.local_outputs import aws_environment, read_outputs
from deployment.repository_paths import RUN_DIRECTORY
from environments.names import LOCAL
from environments.user_error import UserError

# AWS's SDK takes long to load, so it is imported where it is called.
if TYPE_CHECKING:
    import boto3

# In the order in which AWS's SDK looks.
PROFILE = ("AWS_DEFAULT_PROFILE", "AWS_PROFILE")


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
    from botocore.session import Session

    own = {name: (None, None, default, convert) for name, (_, _, default, convert) in Session.SESSION_VARIABLES.items()}
    nowhere = (None, None, os.devnull, None)
    session = Session(own | {"config_file": nowhere, "credentials_file": nowhere})
    # These variables of S3 are no session variables.
    session.get_component("config_store").set_config_provider("s3", ConstantProvider(None))
    return boto3.Session(botocore_session=session)


def require_usable_settings() -> None:
    """Raise UserError when the user's profile, AWS files or `AWS_*` variables make it impossible to call AWS."""
    import boto3
    from botocore.exceptions import BotoCoreError, ProfileNotFound
    from botocore.session import Session

    try:
        boto3.Session().client("sts", region_name="us-east-1")
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
