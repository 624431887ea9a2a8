"""Reads the deployed API from the AppSync control plane."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from graphql import GraphQLError, ObjectTypeDefinitionNode, ObjectTypeExtensionNode, parse

from emulator.appsync.aws_interpretations import interpretations_of, unknown_interpretations
from emulator.appsync.deployment import AcceptedUserPool, AuthMode, DataSource, Deployment, Resolver, ResolverStep
from emulator.appsync.errors import RequestRefused
from emulator.principals import Credentials

if TYPE_CHECKING:
    from mypy_boto3_appsync import AppSyncClient

_SETTINGS = {
    "AMAZON_DYNAMODB": "dynamodbConfig",
    "HTTP": "httpConfig",
    "AWS_LAMBDA": "lambdaConfig",
}


class ControlPlane:
    """The control plane of one region. Its calls block, so they are made in a thread."""

    def __init__(self, *, endpoint_url: str, region: str, credentials: Credentials) -> None:
        self._client: AppSyncClient = boto3.client(
            "appsync",
            endpoint_url=endpoint_url,
            region_name=region,
            aws_access_key_id=credentials.access_key_id,
            aws_secret_access_key=credentials.secret_access_key,
            aws_session_token=credentials.session_token,
            config=Config(connect_timeout=2, read_timeout=10, retries={"total_max_attempts": 2}, proxies={}),
        )

    def read(self, api_id: str) -> Deployment:
        """Return the API with this id and its parts; raises RequestRefused if there is none."""
        client = self._client
        try:
            api: Mapping[str, Any] = client.get_graphql_api(apiId=api_id)["graphqlApi"]
            sdl = (
                client.get_introspection_schema(apiId=api_id, format="SDL", includeDirectives=True)["schema"]
                .read()
                .decode()
            )
        except client.exceptions.NotFoundException as error:
            raise RequestRefused(404, "NotFoundException", f"GraphQL API {api_id} not found.") from error
        except client.exceptions.GraphQLSchemaException as error:
            raise RequestRefused(400, "GraphQLSchemaException", f"GraphQL API {api_id} has no schema.") from error
        modes = list(_auth_modes(api))
        keys = client.list_api_keys(apiId=api_id)["apiKeys"] if AuthMode.API_KEY in modes else []
        environment = client.get_graphql_api_environment_variables(apiId=api_id)["environmentVariables"]
        return Deployment(
            api_id=api_id,
            arn=api["arn"],
            sdl=sdl,
            auth_modes=tuple(AuthMode(mode) for mode in modes if mode in set(AuthMode)),
            user_pools=tuple(_user_pools(api)),
            api_keys={key["id"]: key.get("expires", 0) for key in keys},
            introspection=api.get("introspectionConfig", "ENABLED") == "ENABLED",
            query_depth_limit=api.get("queryDepthLimit") or 0,
            resolver_count_limit=api.get("resolverCountLimit") or 0,
            environment=environment,
            data_sources={source["name"]: _data_source(source) for source in self._all("list_data_sources", api_id)},
            functions={
                function["functionId"]: _step(function["name"], function)
                for function in self._all("list_functions", api_id)
            },
            resolvers=self._resolvers(api_id, sdl),
            interpretations=interpretations_of(api.get("tags") or {}),
            unsupported=tuple(_unsupported(api, modes)),
        )

    def _resolvers(self, api_id: str, sdl: str) -> dict[tuple[str, str], Resolver]:
        found: dict[tuple[str, str], Resolver] = {}
        for type_name in _object_types(sdl):
            for resolver in self._all("list_resolvers", api_id, typeName=type_name):
                place = (type_name, resolver["fieldName"])
                functions = tuple((resolver.get("pipelineConfig") or {}).get("functions") or ())
                step = _step(".".join(place), resolver)
                found[place] = Resolver(
                    step=step, is_pipeline=resolver.get("kind") == "PIPELINE", function_ids=functions
                )
        return found

    def _all(self, operation: Any, api_id: str, **more: str) -> Iterator[Mapping[str, Any]]:
        for page in self._client.get_paginator(operation).paginate(apiId=api_id, **more):
            yield from next(value for name, value in page.items() if isinstance(value, list))


def _object_types(sdl: str) -> list[str]:
    try:
        definitions = parse(sdl).definitions
    except GraphQLError:
        return []  # building the schema reports the fault
    kinds = (ObjectTypeDefinitionNode, ObjectTypeExtensionNode)
    return list(dict.fromkeys(node.name.value for node in definitions if isinstance(node, kinds)))


def _auth_modes(api: Mapping[str, Any]) -> Iterator[str]:
    yield api["authenticationType"]
    for provider in api.get("additionalAuthenticationProviders") or []:
        yield provider["authenticationType"]


def _user_pools(api: Mapping[str, Any]) -> Iterator[AcceptedUserPool]:
    for provider in (api, *(api.get("additionalAuthenticationProviders") or [])):
        if config := provider.get("userPoolConfig"):
            yield AcceptedUserPool(
                user_pool_id=config["userPoolId"],
                region=config["awsRegion"],
                app_id_client_regex=config.get("appIdClientRegex"),
                default_action=config.get("defaultAction", "ALLOW"),
            )


def _data_source(source: Mapping[str, Any]) -> DataSource:
    return DataSource(
        name=source["name"],
        kind=source["type"],
        service_role_arn=source.get("serviceRoleArn"),
        settings=source.get(_SETTINGS.get(source["type"], ""), {}),
    )


def _step(name: str, item: Mapping[str, Any]) -> ResolverStep:
    return ResolverStep(
        name=name,
        code=item.get("code"),
        runtime=(item.get("runtime") or {}).get("name"),
        data_source=item.get("dataSourceName"),
        extras=tuple(sorted(extra for extra in ("cachingConfig", "syncConfig", "maxBatchSize") if item.get(extra))),
    )


def _unsupported(api: Mapping[str, Any], modes: list[str]) -> Iterator[str]:
    yield from (f"the authorization type {mode}" for mode in modes if mode not in set(AuthMode))
    if api.get("apiType", "GRAPHQL") != "GRAPHQL":
        yield f"APIs of type {api['apiType']}"
    yield from unknown_interpretations(api.get("tags") or {})
