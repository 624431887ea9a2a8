"""An authenticator (software token) belongs to a signed-in user, and is on only when verified.

AWS: AssociateSoftwareToken and VerifySoftwareToken want an access token or the session of an
MFA_SETUP challenge. An authenticator can't be preferred before it was verified.
MiniStack: hands secrets to anybody and keeps each for ever. It never gives an MFA_SETUP challenge,
so there is no such session.
Source: Amazon Cognito API reference, AssociateSoftwareToken; aws/aws-sdk-js-v3#4645.
"""

import json
from collections.abc import Callable
from typing import Any

from ministack.core.responses import json_response
from ministack.services import cognito

from emulator.ministack.repairs.cognito.access_tokens import owner_of
from emulator.ministack.repairs.cognito.challenges import INVALID_SESSION
from emulator.ministack.repairs.cognito.refusals import Refused
from emulator.ministack.repairs.patching import RepairContext, replace

Data = dict[str, Any]
NOT_SET_UP = ("InvalidParameterException", "User does not have delivery config set to turn on SOFTWARE_TOKEN_MFA")


def apply(_context: RepairContext) -> None:
    """Let users handle only their own authenticators."""
    replace(cognito, "_associate_software_token", _with_an_access_token)
    replace(cognito, "_verify_software_token", _with_an_access_token)
    replace(cognito, "_apply_mfa_preference", _of_what_is_set_up)


def _with_an_access_token(original: Callable[..., Any]) -> Callable[..., Any]:
    def run(data: Data) -> Any:
        if not data.get("AccessToken"):
            raise Refused(*INVALID_SESSION)
        owner_of(data)
        status, headers, body = original({name: value for name, value in data.items() if name != "Session"})
        answer = json.loads(body)
        if answer.get("Session"):
            cognito._totp_session_secrets.pop(answer.pop("Session"), None)
            return json_response(answer)
        return status, headers, body

    return run


def _of_what_is_set_up(original: Callable[..., Any]) -> Callable[..., Any]:
    def prefer(user: Data, data: Data) -> Any:
        if (data.get("SoftwareTokenMfaSettings") or {}).get("Enabled") and not user.get("_totp_secret"):
            raise Refused(*NOT_SET_UP)
        return original(user, data)

    return prefer
