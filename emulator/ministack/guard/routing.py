"""Which service of MiniStack answers a request, found with MiniStack's own functions, and what it is signed for."""

from collections.abc import Callable

from ministack import app
from ministack.core.router import SERVICE_PATTERNS, detect_service

from emulator.ministack.forms import fields
from emulator.ministack.http_request import Request

QUERY_SERVICES = {"iam", "monitoring", "sns", "sqs", "sts"}
_HOSTED_UI = {"/login", "/logout", "/oauth2/authorize", "/oauth2/login", "/oauth2/token", *app._COGNITO_USERINFO_PATHS}
# What `ministack.app.app` asks before its router, all by path: the guard lets no other host through.
_BEFORE_THE_ROUTER: list[tuple[Callable[[str], object], str]] = [
    (_HOSTED_UI.__contains__, "cognito-idp"),
    (lambda path: path == "/WriteGetObjectResponse", "s3-object-lambda"),
    (lambda path: path.startswith("/iceberg"), "s3tables"),
    (lambda path: path.startswith(app._S3_CONTROL_PREFIX), "s3"),
    (app._RDS_DATA_PATHS.__contains__, "rds-data"),
    (lambda path: path.startswith(app._SES_V2_PREFIX), "ses"),
    (app._is_ecr_registry_path, "ecr"),
    (lambda path: app._parse_execute_api_url("", path), "apigateway"),
]


def answering_service(request: Request) -> str:
    """Return MiniStack's name of the service that answers the request."""
    for is_meant, service in _BEFORE_THE_ROUTER:
        if is_meant(request.path):
            return service
    headers, query = dict(request.headers), dict(request.query)
    asked = app._routing_params(request.method, request.path, headers, request.body, query)
    return str(detect_service(request.method, request.path, headers, asked))


def signing_name(service: str) -> str:
    """Return the name that requests to a service are signed for: that of DynamoDB for its streams."""
    return str(SERVICE_PATTERNS.get(service, {}).get("credential_scope", service))


def operation_names(request: Request, service: str) -> list[str]:
    """Return what in a request names its operation.

    AWS goes by one of these for each service. MiniStack asks IAM about an action before it looks at a target or a path.
    """
    form = fields(request.body) if has_form(request) else {}
    names = [f"the action {action!r}" for action in [*request.query.get("Action", []), *form.get("Action", [])]]
    if "x-amz-target" in request.headers:
        names.append(f"the target {request.headers['x-amz-target']!r}")
    is_by_path = service not in QUERY_SERVICES and "target_prefixes" not in SERVICE_PATTERNS.get(service, {})
    if is_by_path or "/operation/" in request.path:
        names.append(f"the path {request.path!r}")
    return names


def has_form(request: Request) -> bool:
    """Return True if the body calls itself a form, for anything that may read it as one."""
    return "x-www-form-urlencoded" in request.headers.get("content-type", "")


def is_signed_for(service: str, scope: str) -> bool:
    """Tell whether a signature for `scope` is one for the service, under this name or another that MiniStack knows."""
    if scope == signing_name(service):
        return True
    told = detect_service("GET", "/", {"authorization": f"Credential=-/-/-/{scope}/"}, {})
    return bool(told == service != "s3")  # S3 takes what is unknown
