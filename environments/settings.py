"""The settings of one environment, read from `environments.toml` and checked before anything is synthesized."""

import json
import re
import tomllib
from dataclasses import MISSING, dataclass, field, fields, replace
from itertools import pairwise
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from environments.limits import (
    DELAY_SECONDS,
    EXPRESS_SECONDS,
    FUNCTION_SECONDS,
    LOG_RETENTION_DAYS,
    MOST_RESOLVERS,
    REFRESH_TOKEN_HOURS,
    REGIONS,
    SIGN_IN_TOKEN_MINUTES,
    VISIBILITY_TIMEOUTS,
)
from environments.names import DELIVERY_PATH, Names
from environments.order_rules import FINAL_STATUSES, PAYMENT_GATEWAYS
from environments.user_error import UserError

FILE = Path(__file__).resolve().parents[1] / "environments.toml"
# What may be said for one run on a laptop without a change of the file.
CHANGE_WINDOW_VARIABLE = "ORDERS_CHANGE_WINDOW_SECONDS"


class SettingsError(UserError):
    """A value in `environments.toml` that can't be used; the message is the one line to print."""


@dataclass(frozen=True)
class Timeouts:
    """The longest that each layer waits, in seconds; every layer outlasts the one it contains."""

    gateway: int = 4
    function: int = 10
    # Outside the chain: the stream waits for announce, which goes on with the rest of a batch when time is short.
    announce: int = 60
    # Nobody waits for sweep, but it must end before the next minute's.
    sweep: int = 50
    task: int = 15
    machine: int = 240
    lease: int = 300
    visibility: int = 60

    def of(self, use_case: str) -> int:
        """Return the timeout of a use case's function."""
        return int(getattr(self, use_case, self.function))

    def __post_init__(self) -> None:
        chain = [(name, getattr(self, name)) for name in ("gateway", "function", "task", "machine", "lease")]
        for (inner, short), (outer, long) in pairwise(chain):
            if short >= long:
                raise SettingsError(
                    f"the {outer} timeout must be longer than the {inner} timeout, got {long} s and {short} s"
                )
        if self.machine > EXPRESS_SECONDS:
            raise SettingsError(
                f"the machine timeout must be at most {EXPRESS_SECONDS} s (EXPRESS ends there), got {self.machine} s"
            )
        if not self.function < self.sweep < 60:
            raise SettingsError(f"the sweep timeout must be between {self.function} s and 60 s, got {self.sweep} s")
        if not self.function < self.announce <= FUNCTION_SECONDS:
            raise SettingsError(
                f"the announce timeout must be above {self.function} s and at most {FUNCTION_SECONDS} s,"
                f" got {self.announce} s"
            )
        least = VISIBILITY_TIMEOUTS * self.function
        if self.visibility < least:
            raise SettingsError(
                f"the visibility timeout must be at least {VISIBILITY_TIMEOUTS} × the function timeout ({least} s),"
                f" got {self.visibility} s"
            )


def one_of(*allowed: object) -> dict[str, object]:
    """Metadata: the value is one of these."""
    return {"check": lambda value: value in allowed, "allowed": "one of " + ", ".join(map(str, allowed))}


def some_of(*allowed: str) -> dict[str, object]:
    """Metadata: the list has at least one of these, each at most once."""

    def check(value: list[str]) -> bool:
        return 0 < len(value) == len(set(value)) and set(value) <= set(allowed)

    return {"check": check, "allowed": f"a list of at least one of {', '.join(allowed)}, each once"}


def between(low: int, high: int) -> dict[str, object]:
    """Metadata: the value is a whole number from low to high."""
    return {"check": lambda value: low <= value <= high, "allowed": f"a whole number from {low} to {high}"}


def matching(pattern: str, allowed: str) -> dict[str, object]:
    """Metadata: the text, or every text of the list, matches the pattern as a whole."""

    def check(value: str | list[str]) -> bool:
        return all(re.fullmatch(pattern, text) for text in _texts(value))

    return {"check": check, "allowed": allowed}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One environment; each field is a key of its table."""

    environment: str = field(metadata=matching("[a-z][a-z0-9]{1,11}", "2 to 12 lower-case letters and digits"))
    region: str = field(
        metadata={"check": lambda value: value in REGIONS, "allowed": "an AWS region such as eu-central-1"}
    )
    account_id: str = field(metadata=matching("[0-9]{12}", "12 digits, quoted"))
    state_bucket: str = field(metadata=matching("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", "an S3 bucket name"))
    email_subscribers: list[str] = field(
        default_factory=list, metadata=matching("[^@ ]+@[^@ ]+[.][^@ ]+", "a list of e-mail addresses")
    )
    # Which ends of orders are mailed. SNS disables an e-mail subscription above ten messages a second.
    email_statuses: list[str] = field(default_factory=lambda: list(FINAL_STATUSES), metadata=some_of(*FINAL_STATUSES))
    # The people whom an alarm's beginning and end are told.
    alarm_emails: list[str] = field(
        default_factory=list, metadata=matching("[^@ ]+@[^@ ]+[.][^@ ]+", "a list of e-mail addresses")
    )
    # The alarms' thresholds that depend on how much there is to do; the others are in stacks/orders/monitoring.
    # Orders take seconds. Two tries by the sweep, a minute apart, and a lease of a workflow that died fit in.
    alarm_order_late_seconds: int = field(default=300, metadata=between(60, 3600))
    # A hint that failed twice comes back after 60 s each time; a third failure in a row is no accident.
    alarm_hint_age_seconds: int = field(default=180, metadata=between(60, 3600))
    # One failure in five minutes is somebody's bad luck, and clients try again.
    alarm_api_errors: int = field(default=5, metadata=between(0, 10_000))
    # A resolver waits for DynamoDB alone: tens of milliseconds. Above a second a person notices.
    alarm_api_p95_milliseconds: int = field(default=1000, metadata=between(100, 30_000))
    # The workflow tries again, so a few are healed; a tenth is a gateway in trouble.
    alarm_failed_payments_percent: int = field(default=10, metadata=between(1, 100))
    # Whoever calls a function tries again, so that a single crash harms nobody.
    alarm_function_errors: int = field(default=5, metadata=between(0, 10_000))
    # What is slower is about to be cut off.
    alarm_duration_percent: int = field(default=80, metadata=between(10, 99))
    # `sweep` runs each minute; its runs may be late by some.
    alarm_sweep_silence_minutes: int = field(default=5, metadata=between(2, 60))
    change_window_seconds: int = field(default=0, metadata=between(0, DELAY_SECONDS))
    log_retention_days: int = field(default=30, metadata=one_of(*LOG_RETENTION_DAYS))
    # What the functions log. The runbooks' saved queries need INFO.
    function_log_level: str = field(default="INFO", metadata=one_of("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"))
    # Which events of the workflow's executions are logged, and whether with what goes into and out of each state: an
    # order's key, and how its payment ended.
    workflow_log_level: str = field(default="ALL", metadata=one_of("ALL", "ERROR", "FATAL", "OFF"))
    workflow_log_data: bool = True
    # X-Ray's traces: the first request of each second and 5 % of the others, which are most where orders are few.
    tracing: bool = True
    removal_protection: bool = False
    # Keys of the account's own, instead of AWS's, for tables, queues, log groups, buckets and what functions are told.
    customer_keys: bool = False
    # Who asked for what: a log of the requests for the page and for what the buckets hold, in a bucket of its own.
    access_logs: bool = False
    workflow_type: str = field(default="EXPRESS", metadata=one_of("EXPRESS", "STANDARD"))
    # Maximum concurrency of the event source mapping: it limits without reserving anything of the account's.
    workflow_concurrency: int = field(default=10, metadata=between(2, 1000))
    # How many batches of a shard of the orders' stream are announced at once.
    announce_parallelization: int = field(default=2, metadata=between(1, 10))
    # Whether customers hear of their orders at once. Without it the page asks for them, and `announce` runs only for
    # orders that ended.
    live_updates: bool = True
    # Off by default: AWS refuses a reservation that leaves less than 100 to the account.
    reserved_concurrency: int | None = field(default=None, metadata=between(1, 1000))
    # Who moves the money: one of the adapters of the functions' port PaymentGateway.
    payment_gateway: str = field(default="simulated", metadata=one_of(*PAYMENT_GATEWAYS))
    introspection: bool = False
    # AppSync's log of a request. Above ERROR every field of every request is logged, which costs more than the request.
    field_log_level: str = field(default="ERROR", metadata=one_of("NONE", "ERROR", "INFO", "DEBUG", "ALL"))
    query_depth_limit: int = field(default=5, metadata=between(1, 75))
    # How many fields of one request, aliases too, are resolved: that many orders may be placed in it.
    resolver_count_limit: int = field(default=MOST_RESOLVERS, metadata=between(1, MOST_RESOLVERS))
    # How many orders of a customer may be PENDING or PAYING when another one is placed; 0 sets no limit. It is counted
    # among the customer's newest 100.
    open_orders_limit: int = field(default=0, metadata=between(0, 100))
    # AWS WAF in front of the API and the page: AWS's rule groups, and a limit on what comes from one address.
    firewall: bool = False
    # The most requests from one address in five minutes. Offices and mobile networks put many customers behind one: a
    # hundred who order at the same time make some twenty requests each.
    firewall_requests: int = field(default=2000, metadata=between(10, 2_000_000))
    # The same for the user pool: 150 sign-ins, of two requests each. A page that is open makes one request in fifteen
    # minutes.
    firewall_sign_in_requests: int = field(default=300, metadata=between(10, 2_000_000))
    # The most mails that one address may have the user pool send in ten minutes: a sign-up, a resent code and a
    # forgotten password are one each. A day of it is 2,880, and SES often begins with 50,000 a day.
    firewall_code_requests: int = field(default=20, metadata=between(10, 2_000_000))
    # What a customer who signed in calls with, and gets new ones with until it ends too.
    # A stolen one is good for so long, also after a sign-out: AppSync doesn't ask Cognito.
    id_token_minutes: int = field(default=15, metadata=between(*SIGN_IN_TOKEN_MINUTES))
    access_token_minutes: int = field(default=15, metadata=between(*SIGN_IN_TOKEN_MINUTES))
    refresh_token_hours: int = field(default=7 * 24, metadata=between(*REFRESH_TOKEN_HOURS))
    # Each refresh brings the next refresh token, and the one before ends. What that costs:
    # docs/decisions/security/refresh-token-rotation.md.
    refresh_token_rotation: bool = False
    # Cognito's threat protection, which costs its Plus plan: AUDIT watches, ENFORCED blocks too.
    threat_protection: str = field(default="OFF", metadata=one_of("OFF", "AUDIT", "ENFORCED"))
    # The identity in SES by which customers get their codes, and the address that these come from. Without them it is
    # Cognito's own sender, which stops at about 50 a day for the whole account.
    mail_identity_arn: str | None = field(
        default=None,
        metadata=matching(
            "arn:aws:ses:[a-z0-9-]+:[0-9]{12}:identity/[^/ ]+",
            "the ARN of an identity in SES, such as arn:aws:ses:eu-central-1:111111111111:identity/example.com",
        ),
    )
    mail_from: str | None = field(
        default=None, metadata=matching("[^@<> ]+@[^@<> ]+[.][^@<> ]+", "an e-mail address such as orders@example.com")
    )
    # Who delivers from GitHub, as the `sub` of its tokens names the repository: `gh api
    # repos/<owner>/<name>/actions/oidc/customization/sub -q .sub_claim_prefix`, without `repo:`. While that changes, as
    # it does when the repository is renamed: a list of the old and the new.
    github_repository: str | list[str] | None = field(
        default=None,
        metadata=matching(
            "[A-Za-z0-9_.-]+(@[0-9]+)?/[A-Za-z0-9_.-]+(@[0-9]+)?", "a repository as owner/name or owner@id/name@id"
        ),
    )
    custom_endpoint: bool = False
    admin_password_auth: bool = False
    mailbox: bool = False
    # Where customers find the page, and that name's certificate in us-east-1; else CloudFront names the place.
    web_domain: str | None = field(
        default=None, metadata=matching("([a-z0-9-]+[.])+[a-z]{2,}", "a domain name such as orders.example.com")
    )
    web_certificate_arn: str | None = field(
        default=None,
        metadata=matching("arn:aws:acm:us-east-1:[0-9]{12}:certificate/[a-z0-9-]+", "a certificate's ARN in us-east-1"),
    )
    # Shows the page's view for engineers, whose data only a laptop run has.
    engineer_view: bool = False
    timeouts: Timeouts = field(default_factory=Timeouts)

    def __post_init__(self) -> None:
        if not self.state_bucket.endswith(f"-{self.account_id}"):
            raise SettingsError(
                f"state_bucket must end with the account id -{self.account_id}, got {self.state_bucket!r}"
            )
        if self.reserved_concurrency is not None and self.reserved_concurrency < self.workflow_concurrency:
            raise SettingsError(
                f"reserved_concurrency must be at least workflow_concurrency ({self.workflow_concurrency}), or the"
                f" queue's consumer is throttled, got {self.reserved_concurrency}"
            )
        if isinstance(self.github_repository, list) and len(self.github_repository) not in (1, 2):
            raise SettingsError(
                "github_repository must be one repository or a list of at most two, the old and the new name of one,"
                f" got {self.github_repository!r}"
            )
        if self.refresh_token_hours * 60 <= max(self.id_token_minutes, self.access_token_minutes):
            raise SettingsError(
                "refresh_token_hours must be longer than id_token_minutes and access_token_minutes, got"
                f" {self.refresh_token_hours} h, {self.id_token_minutes} min and {self.access_token_minutes} min"
            )
        if (self.web_domain is None) != (self.web_certificate_arn is None):
            raise SettingsError(
                "web_domain and web_certificate_arn go together, got"
                f" {self.web_domain or 'no domain'} and {self.web_certificate_arn or 'no certificate'}"
            )
        if (self.mail_identity_arn is None) != (self.mail_from is None):
            raise SettingsError(
                "mail_identity_arn and mail_from go together, got"
                f" {self.mail_identity_arn or 'no identity'} and {self.mail_from or 'no address'}"
            )
        if self.mail_from is not None and not _may_send(str(self.mail_identity_arn), self.mail_from):
            raise SettingsError(
                "mail_from must be the identity of mail_identity_arn or an address in its domain, got"
                f" {self.mail_from!r} and {self.mail_identity_arn!r}"
            )
        if self.engineer_view and not self.custom_endpoint:
            raise SettingsError(
                "engineer_view: got true, expected false where custom_endpoint is false: only a laptop run has its data"
            )

    @property
    def names(self) -> Names:
        """The names of the environment's resources."""
        return Names(environment=self.environment, account_id=self.account_id, region=self.region)

    @property
    def github_repositories(self) -> list[str]:
        """The forms of the repository that delivers the environment: none, one, or two while it is renamed."""
        return _texts(self.github_repository)

    @property
    def email_filter_policy(self) -> str:
        """The filter policy of the topic's e-mail subscriptions, the same text wherever one is made.

        SNS refuses to subscribe an address again with other attributes.
        """
        return json.dumps({"status": self.email_statuses}, separators=(",", ":"))

    @property
    def warnings(self) -> list[str]:
        """The lines that whoever plans, deploys or reviews the environment should read; nothing is wrong by them."""
        if not self.removal_protection:
            return []
        place = f"{FILE.name} [{self.environment}]"
        nobody = f"{place} alarm_emails: got nobody, so its alarms reach nobody"
        no_sender = (
            f"{place} mail_identity_arn, mail_from: got no sender, so nobody can sign up after about 50 mails a day,"
            " where Cognito's own sender stops"
        )
        return [*([] if self.alarm_emails else [nobody]), *([] if self.mail_from else [no_sender])]

    @property
    def permissions_boundary(self) -> str | None:
        """The ARN of the policy that limits every role of an environment that GitHub delivers to."""
        if self.github_repository is None:
            return None
        return f"arn:aws:iam::{self.account_id}:policy{DELIVERY_PATH}{self.name('boundary')}"

    def name(self, noun: str) -> str:
        """Return the name of an AWS resource: `<project>-<environment>-<noun>`."""
        return self.names.name(noun)


def environment_names(file: Path = FILE) -> list[str]:
    """Return the names of the environments, in the file's order."""
    return [settings.environment for settings in load_settings(file)]


def settings_of(environment: str, file: Path = FILE) -> Settings:
    """Return what the file says of one environment; SettingsError names those that there are."""
    known = {settings.environment: settings for settings in load_settings(file)}
    if environment not in known:
        raise SettingsError(f"{file.name} has no table [{environment}]; it has {', '.join(known)}")
    return known[environment]


def load_settings(path: Path = FILE) -> list[Settings]:
    """Read every environment of the file; SettingsError names file, table, key, value and what is allowed."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path.name}: {error}") from error
    if not tables:
        raise SettingsError(f"{path.name}: no environment, expected at least one table such as [dev]")
    return [_environment(path.name, name, table) for name, table in tables.items()]


def with_change_window(settings: Settings, text: str | None) -> Settings:
    """Return the settings with the change window that was said for this run; an environment on AWS has the file's only.

    `text` is the value of CHANGE_WINDOW_VARIABLE, if there is one; SettingsError says what is allowed.
    """
    if text is None or not settings.custom_endpoint:
        return settings
    metadata = Settings.__dataclass_fields__["change_window_seconds"].metadata
    if not re.fullmatch("[0-9]{1,4}", text) or not metadata["check"](int(text)):
        raise SettingsError(f"{CHANGE_WINDOW_VARIABLE}: got {text!r}, expected {metadata['allowed']}")
    return replace(settings, change_window_seconds=int(text))


def _environment(file: str, name: str, table: Any) -> Settings:
    if not isinstance(table, dict):
        raise SettingsError(f"{file}: {name} = {table!r} stands outside a table; expected [{name}] or to be inside one")
    place = f"{file} [{name}]"
    keys = {item.name: item for item in fields(Settings) if item.name not in ("environment", "timeouts")}
    types = get_type_hints(Settings)
    for key in table.keys() - keys.keys():
        raise SettingsError(f"{place} {key}: unknown key; allowed are {', '.join(keys)}")
    for key, item in keys.items():
        if key not in table and item.default is MISSING and item.default_factory is MISSING:
            raise SettingsError(f"{place} {key}: missing; expected {item.metadata['allowed']}")
    for key, value in {**table, "environment": name}.items():
        _check(place, key, value, types[key], Settings.__dataclass_fields__[key].metadata)
    try:
        return Settings(environment=name, **table)
    except SettingsError as error:
        raise SettingsError(f"{place} {error}") from error


def _check(place: str, key: str, value: Any, type_: Any, metadata: Any) -> None:
    if not _is_a(type_, value) or ("check" in metadata and not metadata["check"](value)):
        # Only a bool says nothing of what it takes.
        allowed = metadata.get("allowed", "true or false")
        raise SettingsError(f"{place} {key}: got {value!r}, expected {allowed}")


def _is_a(type_: Any, value: Any) -> bool:
    """Return True if the value is of a field's type; true and false are no numbers."""
    if isinstance(type_, UnionType):
        return any(_is_a(one, value) for one in get_args(type_))
    if get_origin(type_) is list:
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    return type(value) is type_


def _may_send(identity_arn: str, address: str) -> bool:
    """Return True if the identity is the address, its domain or one above that."""
    identity, domain = identity_arn.partition("/")[2], address.partition("@")[2]
    return address == identity or domain == identity or domain.endswith(f".{identity}")


def _texts(value: str | list[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else value or []
