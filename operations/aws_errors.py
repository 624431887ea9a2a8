"""Explains AWS's errors to the person at the terminal."""

# By name, so that what needs no AWS doesn't load its SDK.
CREDENTIALS = {
    "NoCredentialsError",
    "PartialCredentialsError",
    "SSOTokenLoadError",
    "UnauthorizedSSOTokenError",
    "TokenRetrievalError",
    "CredentialRetrievalError",
    "ProfileNotFound",
}
CONNECTION = {"EndpointConnectionError", "ConnectTimeoutError", "ReadTimeoutError", "ConnectionClosedError"}
EXPIRED = {"ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId", "UnrecognizedClientException"}
DENIED = ("AccessDenied", "AuthorizationError", "UnauthorizedOperation", "NotAuthorized")
MISSING = ("NonExistentQueue", "QueueDoesNotExist", "NotFound", "NoSuchBucket")


def explain_error(error: Exception) -> str | None:
    """One line that says what to do; None for what is this program's own fault."""
    name, said = type(error).__name__, str(error)
    if name in CREDENTIALS:
        return f"no usable AWS credentials: {said}; sign in, for example with `aws sso login`"
    if name in CONNECTION:
        return f"AWS can't be reached: {said}"
    if any(kind.__name__ == "BotoCoreError" for kind in type(error).__mro__):
        return f"AWS can't be called: {said}"
    code = getattr(error, "response", {}).get("Error", {}).get("Code", "")
    if not code:
        return None
    if code in EXPIRED:
        return f"AWS refuses these credentials: {said}; sign in again"
    if any(word in code for word in DENIED):
        return f"not allowed: {said}; `permissions` prints what these commands need"
    if any(word in code for word in MISSING):
        return f"not deployed there: {said}"
    return f"AWS refused: {said}"
