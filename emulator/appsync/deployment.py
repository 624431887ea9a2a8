"""What the control plane says is deployed, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from emulator.appsync.readings import Readings


class AuthMode(StrEnum):
    """AppSync's authorization types that are served here."""

    API_KEY = "API_KEY"
    COGNITO = "AMAZON_COGNITO_USER_POOLS"
    IAM = "AWS_IAM"


@dataclass(frozen=True, kw_only=True)
class UserPool:
    """A Cognito user pool whose tokens an API accepts."""

    user_pool_id: str
    region: str
    app_id_client_regex: str | None = None
    default_action: str = "ALLOW"

    @property
    def issuer(self) -> str:
        """The `iss` of the pool's tokens."""
        return f"https://cognito-idp.{self.region}.amazonaws.com/{self.user_pool_id}"


@dataclass(frozen=True, kw_only=True)
class DataSource:
    """Where a resolver's request goes; `settings` is the configuration of its kind, as the API gives it."""

    name: str
    kind: str
    service_role_arn: str | None
    settings: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Step:
    """Code and the data source that its request goes to: an AppSync function, or a unit resolver."""

    name: str
    code: str | None
    runtime: str | None
    data_source: str | None
    extras: tuple[str, ...] = ()  # what else is configured; none of it is supported


@dataclass(frozen=True, kw_only=True)
class Resolver:
    """What computes a field: one step, or a pipeline of functions around the resolver's own code."""

    step: Step
    is_pipeline: bool = False
    function_ids: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """One API as it stands; two equal deployments behave alike."""

    api_id: str
    arn: str
    sdl: str
    auth_modes: tuple[AuthMode, ...]  # the default mode first
    user_pools: tuple[UserPool, ...] = ()
    api_keys: Mapping[str, int] = field(default_factory=dict)  # key to expiry, epoch seconds
    introspection: bool = True
    query_depth_limit: int = 0  # 0: no limit
    resolver_count_limit: int = 0  # 0: AppSync's own limit of 10,000
    environment: Mapping[str, str] = field(default_factory=dict)
    data_sources: Mapping[str, DataSource] = field(default_factory=dict)
    functions: Mapping[str, Step] = field(default_factory=dict)
    resolvers: Mapping[tuple[str, str], Resolver] = field(default_factory=dict)
    readings: Readings = field(default_factory=Readings)
    unsupported: tuple[str, ...] = ()  # what is deployed and can't be served, for the refusal
