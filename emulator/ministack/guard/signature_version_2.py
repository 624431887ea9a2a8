"""Checks presigned S3 URLs of signature version 2, which boto3 still makes by default.

Such a signature covers only the part of a query that S3 uses. So nothing here may use the rest.
Source: S3 developer guide, "Signing and authenticating REST requests"; botocore.auth, HmacV1Auth.
"""

import hmac
import re
import time
from urllib.parse import quote, urlsplit

from botocore.auth import HmacV1Auth
from botocore.awsrequest import HTTPHeaders
from botocore.credentials import Credentials as Pair
from ministack.core.iam_evaluator import AuthError
from ministack.core.router import extract_access_key_id
from ministack.core.sigv4 import SIGNATURE_MISMATCH

from emulator.ministack.guard.claimed_signatures import EXPIRED, MALFORMED, UNKNOWN_KEY, KeyFinder
from emulator.ministack.http_request import Request
from emulator.principals import Credentials

_PARTS = {
    "AWSAccessKeyId": re.compile(r"[^\s/,=]+"),
    "Expires": re.compile(r"[0-9]{1,11}"),
    "Signature": re.compile(r"[A-Za-z0-9+/]+={0,2}"),
}
# They select items of a list, and never the operation. Nothing else of a query may be unsigned: any
# name could be a sub-resource younger than these signatures, like `legal-hold`.
CHOOSE_AMONG_LISTED = frozenset(
    [
        "continuation-token",
        "delimiter",
        "encoding-type",
        "fetch-owner",
        "key-marker",
        "list-type",
        "marker",
        "max-keys",
        "max-parts",
        "max-uploads",
        "part-number-marker",
        "prefix",
        "start-after",
        "upload-id-marker",
        "version-id-marker",
    ]
)
_MISMATCH = AuthError("SignatureDoesNotMatch", SIGNATURE_MISMATCH)
_REPEATED_HEADERS = {"content-md5", "content-type"}  # botocore writes these into the URL too; S3 takes the headers
_OPEN = {*_PARTS, *_REPEATED_HEADERS, *CHOOSE_AMONG_LISTED}


def old_presigned_failure(request: Request, keys: KeyFinder) -> AuthError | None:
    """Return the reason why S3 would refuse the URL; None for a valid one."""
    parts = {name: request.query.get(name, []) for name in _PARTS}
    if not all(len(found) == 1 and _PARTS[name].fullmatch(found[0]) for name, found in parts.items()):
        return MALFORMED
    # A header may be in the query. It must be signed too, and mustn't occur twice.
    hoisted = [
        (name.lower(), value)
        for name, values in request.query.items()
        for value in values
        if name.lower().startswith("x-amz-")
    ]
    headers = dict(request.headers) | dict(hoisted)
    if len(dict(hoisted)) < len(hoisted) or any(headers[name] != value for name, value in request.headers.items()):
        return MALFORMED
    unsigned = request.query.keys() - _OPEN - {*HmacV1Auth.QSAOfInterest}
    if not all(name.lower().startswith("x-amz-") for name in unsigned):
        return _MISMATCH
    (key,), (expires,), (signature,) = parts.values()
    if extract_access_key_id(dict(request.headers), dict(request.query)) != key:
        return MALFORMED
    caller = keys.find(key)
    if caller is None or headers.get("x-amz-security-token", "") != (caller.session_token or ""):
        return UNKNOWN_KEY
    if int(expires) < time.time():
        return EXPIRED
    expected = _signature(request, headers, caller, expires)
    return None if hmac.compare_digest(signature, expected) else _MISMATCH


def _signature(request: Request, headers: dict[str, str], caller: Credentials, expires: str) -> str:
    class Signer(HmacV1Auth):
        def _get_date(self) -> str:
            return expires  # stands where a header's signature has the date

    given = HTTPHeaders()
    for name, value in headers.items():
        given[name] = value
    parts = [(name, value) for name, values in request.query.items() for value in values]
    # As the signer had it: `?tagging` has no value, and a bucket's path ends with a slash.
    query = "&".join(f"{quote(name)}={quote(value)}" if value else quote(name) for name, value in parts)
    path = request.raw_path if request.raw_path.count("/") > 1 else f"{request.raw_path.rstrip('/')}/"
    url = urlsplit(f"http://host{path}?{query}")
    pair = Pair(caller.access_key_id, caller.secret_access_key, caller.session_token)
    signature = Signer(pair).get_signature(request.method, url, given)  # type: ignore[arg-type]  # a message is none
    return str(signature)
