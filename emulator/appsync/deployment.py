"""An API as the control plane has deployed it, in plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from emulator.appsync.aws_interpretations import Interpretations


class AuthMode(StrEnum):
    """The authorization types of AppSync that are served here."""

    API_KEY = "API_KEY"
    COGNITO = "AMAZON_COGNITO_USER_POOLS"
    IAM = "AWS_IAM"


@dataclass(frozen=True, kw_only=True)
class AcceptedUserPool:
    """A Cognito user pool whose tokens an API accepts."""

    user_pool_id: str
    region: str
    app_id_client_regex: str | None = None
    default_action: str = "ALLOW"

    @property
    def issuer(self) -> str:
        """The value of `iss` in the pool's tokens."""
        return f"https://cognito-idp.{self.region}.amazonaws.com/{self.user_pool_id}"


@dataclass(frozen=True, kw_only=True)
class DataSource:
    """A data source; `settings` is the configuration for its kind, as in AppSync's API."""

    name: str
    kind: str
    service_role_arn: str | None
    settings: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class ResolverStep:
    """Code with its data source: an AppSync function, or a unit resolver."""

    name: str
    code: str | None
    runtime: str | None
    data_source: str | None
    extras: tuple[str, ...] = ()  # further configuration, none of which is supported


@dataclass(frozen=True, kw_only=True)
class Resolver:
    """A field's resolver: one step, or a pipeline of functions between its two own handlers."""

    step: ResolverStep
    is_pipeline: bool = False
    function_ids: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """One API with its parts; equal deployments behave alike."""

    api_id: str
    arn: str
    sdl: str
    auth_modes: tuple[AuthMode, ...]  # the default mode first
    user_pools: tuple[AcceptedUserPool, ...] = ()
    api_keys: Mapping[str, int] = field(default_factory=dict)  # key to expiry, epoch seconds
    introspection: bool = True
    query_depth_limit: int = 0  # 0: no limit
    resolver_count_limit: int = 0  # 0: AppSync's own limit of 10,000
    environment: Mapping[str, str] = field(default_factory=dict)
    data_sources: Mapping[str, DataSource] = field(default_factory=dict)
    functions: Mapping[str, ResolverStep] = field(default_factory=dict)
    resolvers: Mapping[tuple[str, str], Resolver] = field(default_factory=dict)
    interpretations: Interpretations = field(default_factory=Interpretations)
    unsupported: tuple[str, ...] = ()  # deployed, but not served here; a refusal names them
