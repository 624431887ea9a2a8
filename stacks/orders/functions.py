"""The Lambda functions of the orders system, each with the name of its use case."""

import base64
from collections.abc import Mapping

from cdktf import TerraformAsset
from constructs import Construct

from environments.names import METRICS_NAMESPACE, noun
from environments.order_rules import FUNCTION_MEMORY_MB
from environments.settings import Settings
from stacks.components.function import Code, Function
from stacks.components.key import EncryptionKey
from stacks.components.log_group import LogGroup
from stacks.iam import Account
from stacks.synth.packaging import Package


class Functions:
    """Makes functions of one package. Their names follow from the use case, as does the handler."""

    def __init__(
        self, scope: Construct, *, settings: Settings, account: Account, package: Package, key: EncryptionKey | None
    ) -> None:
        self._scope = scope
        self._settings = settings
        self._account = account
        self._key = key
        self.names: dict[str, str] = {}
        self.log_groups: dict[str, LogGroup] = {}
        asset = TerraformAsset(scope, "lambda-package", path=str(package.path), asset_hash=package.sha256)
        self._code = Code(asset=asset, hash=base64.b64encode(bytes.fromhex(package.sha256)).decode())

    def create(self, use_case: str, environment: Mapping[str, str], *, timeout_seconds: int | None = None) -> Function:
        """Create the function of a use case such as `charge_payment`.

        It gets these variables and, unless another is given, the timeout of the settings.
        """
        known = {
            "POWERTOOLS_SERVICE_NAME": use_case,
            "POWERTOOLS_LOG_LEVEL": self._settings.function_log_level,
            "POWERTOOLS_METRICS_NAMESPACE": METRICS_NAMESPACE,
            "ENVIRONMENT": self._settings.environment,
        }
        function = Function(
            self._scope,
            noun(use_case),
            name=self._settings.names.function(use_case),
            account=self._account,
            code=self._code,
            handler=f"orders.handlers.{use_case}.handler",
            timeout_seconds=timeout_seconds or self._settings.timeouts.function,
            environment={**environment, **known},
            memory_mb=FUNCTION_MEMORY_MB,
            traced=self._settings.tracing,
            log_retention_days=self._settings.log_retention_days,
            reserved_concurrency=self._settings.reserved_concurrency,
            key=self._key,
        )
        self.names[use_case] = function.name
        self.log_groups[use_case] = function.log_group
        return function
