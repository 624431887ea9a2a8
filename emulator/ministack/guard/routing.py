"""Finds the service that answers a request, by MiniStack's own functions, and its signing name."""

from collections.abc import Callable

from ministack import app
from ministack.core.router import SERVICE_PATTERNS, detect_service

from emulator.ministack.forms import fields
from emulator.ministack.http_request import Request

QUERY_SERVICES = {"iam", "monitoring", "sns", "sqs", "sts"}
_HOSTED_UI = {"/login", "/logout", "/oauth2/authorize", "/oauth2/login", "/oauth2/token", *app._COGNITO_USERINFO_PATHS}
# The checks of `ministack.app.app` before its router, all by path: the guard lets no other host
# through.
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
    """Return the service name in signatures; that of DynamoDB's streams is DynamoDB's."""
    return str(SERVICE_PATTERNS.get(service, {}).get("credential_scope", service))


def operation_names(request: Request, service: str) -> list[str]:
    """Return the parts of a request that name its operation.

    For each service, AWS uses one of them. MiniStack asks IAM about an action before it reads a
    target or a path.
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
    """Return True if the content type is a form: some program may read the body as one."""
    return "x-www-form-urlencoded" in request.headers.get("content-type", "")


def is_signed_for(service: str, scope: str) -> bool:
    """Return True if `scope` names the service, by its own name or another that MiniStack knows."""
    if scope == signing_name(service):
        return True
    told = detect_service("GET", "/", {"authorization": f"Credential=-/-/-/{scope}/"}, {})
    return bool(told == service != "s3")  # MiniStack routes unknown names to S3
