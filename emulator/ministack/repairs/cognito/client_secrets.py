r"""A client's secret has only characters that the client may send.

AWS: letters and digits.
MiniStack: base64, with slashes, which the model of GetTokensFromRefreshToken and RevokeToken
refuses.
Source: Amazon Cognito API reference, UserPoolClientType: `ClientSecret` is `[\w+]+`, 24 to 64 characters.
"""

import secrets

from ministack.services import cognito

from emulator.ministack.repairs.patching import RepairContext, replace

SECRET_BYTES = 26


def apply(_context: RepairContext) -> None:
    """Replace the function that makes secrets."""
    replace(cognito, "_client_secret", lambda _original: lambda: secrets.token_hex(SECRET_BYTES))
