"""Makes the data sources of a deployment."""

from collections.abc import Mapping
from typing import Any

from emulator.appsync.aws_interpretations import Interpretations
from emulator.appsync.deployment import DataSource
from emulator.appsync.errors import FieldFailed, NotSupported
from emulator.appsync.sources.data_source import Source
from emulator.appsync.sources.dynamodb import DynamoDBSource
from emulator.appsync.sources.dynamodb_client import DynamoDB
from emulator.appsync.sources.http import HttpSource
from emulator.appsync.sources.lambda_function import FunctionSource
from emulator.appsync.sources.none import NoneSource
from emulator.appsync.sources.role_credentials import Roles
from emulator.appsync.sources.service_requests import EmulatedServices
from emulator.principals import Credentials


class Sources:
    """Finds data sources by name."""

    def __init__(
        self,
        deployed: Mapping[str, DataSource],
        *,
        services: EmulatedServices,
        roles: Roles,
        interpretations: Interpretations,
    ) -> None:
        self._deployed = deployed
        self._services = services
        self._roles = roles
        self._interpretations = interpretations
        self._made: dict[str, Source] = {}

    def get(self, name: str | None) -> Source:
        """Return the data source; raises FieldFailed if it is missing or isn't supported."""
        if name is None or name not in self._deployed:
            raise FieldFailed(f"No data source named {name} is deployed.", "NotFoundException")
        if name not in self._made:
            self._made[name] = self._make(self._deployed[name])
        return self._made[name]

    def _make(self, source: DataSource) -> Source:
        def credentials() -> Credentials:
            return self._roles.take(source.service_role_arn, data_source=source.name)

        settings = source.settings
        match source.kind:
            case "NONE":
                return NoneSource()
            case "AMAZON_DYNAMODB":
                return self._make_table(settings, credentials)
            case "HTTP":
                authorization = settings.get("authorizationConfig") or {}
                return HttpSource(
                    self._services,
                    endpoint=settings["endpoint"],
                    signing=authorization.get("awsIamConfig"),
                    credentials=credentials,
                )
            case "AWS_LAMBDA":
                arn = settings["lambdaFunctionArn"]
                return FunctionSource(self._services, function_arn=arn, credentials=credentials)
            case kind:
                raise NotSupported(f"data sources of type {kind}")

    def _make_table(self, settings: Mapping[str, Any], credentials: Any) -> Source:
        for option in ("useCallerCredentials", "versioned"):
            if settings.get(option):
                raise NotSupported(f"the DynamoDB data source option {option}")
        region = settings["awsRegion"]
        return DynamoDBSource(
            lambda: DynamoDB(self._services, region=region, credentials=credentials()),
            table=settings["tableName"],
            interpretations=self._interpretations,
        )
