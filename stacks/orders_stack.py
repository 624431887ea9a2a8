"""The orders system of one environment: what exists, then who may do what."""

import base64
import json
from pathlib import Path

from cdktf import TerraformAsset, TerraformOutput, TerraformVariable
from constructs import Construct

from stacks.components.bucket import Bucket
from stacks.components.function import Code, Function
from stacks.components.graphql_api import GraphqlApi, Limits
from stacks.components.queue import Mailbox, Queue
from stacks.components.schedule import Schedule
from stacks.components.state_machine import StateMachine
from stacks.components.table import Index, Key, Table
from stacks.components.topic import Topic
from stacks.components.user_pool import UserPool
from stacks.environment_stack import EnvironmentStack
from stacks.orders_alarms import METRICS_NAMESPACE, add_alarms
from stacks.orders_resolvers import OPEN_ORDERS_SHARDS, connect_resolvers
from stacks.packaging import Package
from stacks.rendering import render_code, render_definition
from stacks.settings import Settings
from stacks.workflow_time import check_worst_path

HERE = Path(__file__).resolve().parent
OPEN_ORDERS = Index("open-orders", Key("open_shard", "due_at", hash_type="N", range_type="N"))
# One hint a minute: a backlog or an outage of half an hour makes good orders late and fails none.
SWEEP_MAX_HINTS = 30


class OrdersStack(EnvironmentStack):
    """Everything one environment of the orders system consists of, except the bucket of its state."""

    def __init__(self, scope: Construct, id_: str, *, settings: Settings, schema: str, package: Package) -> None:
        super().__init__(scope, id_, settings=settings)
        self._code = self._lambda_code(package)

        self.orders = self._table("orders", Key("user_id", "id"), index=OPEN_ORDERS, stream=True)
        self.menu = self._table("menu", Key("restaurant_id", "name"))
        self.payments = self._table("payments", Key("user_id", "order_id"))
        self.customers = UserPool(
            self,
            "customers",
            name=settings.name("customers"),
            admin_password_auth=settings.admin_password_auth,
            removal_protection=settings.removal_protection,
        )
        self.api = self._graphql_api(schema)
        self.placed = Queue(
            self,
            "placed",
            name=settings.name("placed"),
            account=self._account,
            visibility_timeout_seconds=settings.timeouts.visibility,
            consumer_timeout_seconds=settings.timeouts.function,
            removal_protection=settings.removal_protection,
        )
        self.workflow = StateMachine(
            self,
            "order",
            name=settings.name("order"),
            account=self._account,
            type_=settings.workflow_type,
            log_retention_days=settings.log_retention_days,
        )
        self.charge_payment = self._function(
            "charge_payment", {"PAYMENTS_TABLE": self.payments.name, **self._gateway()}
        )
        self._define_workflow()
        self.start_workflow = self._function("start_workflow", {"STATE_MACHINE_ARN": self.workflow.known_arn})
        self.announce = self._function(
            "announce",
            {"GRAPHQL_URL": self.api.graphql_url, "TOPIC_ARN": self._topic_arn()},
            timeout_seconds=settings.timeouts.announce,
        )
        self.announcements = Topic(
            self,
            "announcements",
            name=settings.name("announcements"),
            account=self._account,
            publisher=self.announce.grantee,
        )
        self.undelivered = Bucket(
            self,
            "undelivered",
            name=f"{settings.name('undelivered')}-{settings.account_id}",
            removal_protection=settings.removal_protection,
        )
        self.sweep = self._function("sweep", self._sweep_environment(), timeout_seconds=settings.timeouts.sweep)
        Schedule(
            self,
            "every-minute",
            name=settings.name("sweep"),
            account=self._account,
            expression="rate(1 minute)",
            function=self.sweep,
        )

        connect_resolvers(
            self.api,
            orders=self.orders,
            menu=self.menu,
            payments=self.payments,
            placed=self.placed,
            change_window_seconds=settings.change_window_seconds,
        )
        self._connect_functions()
        self._subscribe()
        add_alarms(self, settings, placed=self.placed, workflow=self.workflow)
        self._outputs()

    def _lambda_code(self, package: Package) -> Code:
        asset = TerraformAsset(self, "lambda-package", path=str(package.path), asset_hash=package.sha256)
        return Code(asset=asset, hash=base64.b64encode(bytes.fromhex(package.sha256)).decode())

    def _table(self, noun: str, key: Key, *, index: Index | None = None, stream: bool = False) -> Table:
        return Table(
            self,
            noun,
            name=self._settings.name(noun),
            account=self._account,
            key=key,
            index=index,
            stream=stream,
            removal_protection=self._settings.removal_protection,
        )

    def _function(self, use_case: str, environment: dict[str, str], *, timeout_seconds: int | None = None) -> Function:
        """The Lambda function of a use case: its handler file and its name follow from the use case's name."""
        noun = use_case.replace("_", "-")
        powertools = {
            "POWERTOOLS_SERVICE_NAME": use_case,
            "POWERTOOLS_LOG_LEVEL": "INFO",
            "POWERTOOLS_METRICS_NAMESPACE": METRICS_NAMESPACE,
        }
        return Function(
            self,
            noun,
            name=self._settings.name(noun),
            account=self._account,
            code=self._code,
            handler=f"orders.handlers.{use_case}.handler",
            timeout_seconds=timeout_seconds or self._settings.timeouts.function,
            environment={**environment, **powertools},
            log_retention_days=self._settings.log_retention_days,
            reserved_concurrency=self._settings.reserved_concurrency,
        )

    def _gateway(self) -> dict[str, str]:
        return {"GATEWAY_TIMEOUT_SECONDS": str(self._settings.timeouts.gateway)}

    def _topic_arn(self) -> str:
        # By name, because the topic's policy names the function's role.
        return self._account.arn("sns", self._settings.name("announcements"))

    def _sweep_environment(self) -> dict[str, str]:
        return {
            "ORDERS_TABLE": self.orders.name,
            "PAYMENTS_TABLE": self.payments.name,
            "QUEUE_URL": self.placed.url,
            "OPEN_ORDERS_INDEX": OPEN_ORDERS.name,
            "OPEN_ORDERS_SHARDS": str(OPEN_ORDERS_SHARDS),
            "SWEEP_MAX_HINTS": str(SWEEP_MAX_HINTS),
            **self._gateway(),
        }

    def _graphql_api(self, schema: str) -> GraphqlApi:
        settings = self._settings
        return GraphqlApi(
            self,
            "api",
            name=settings.name("api"),
            account=self._account,
            schema=render_code(schema, {}),
            users=self.customers,
            limits=Limits(
                introspection=settings.introspection,
                query_depth=settings.query_depth_limit,
                resolver_count=settings.resolver_count_limit,
            ),
            log_retention_days=settings.log_retention_days,
        )

    def _define_workflow(self) -> None:
        timeouts = self._settings.timeouts
        definition = render_definition(
            (HERE / "workflows" / "order.asl.json").read_text(encoding="utf-8"),
            {
                "orders_table": self.orders.name,
                "charge_payment_arn": self.charge_payment.arn,
                "lease_milliseconds": timeouts.lease * 1000,
                "task_timeout_seconds": timeouts.task,
                "machine_timeout_seconds": timeouts.machine,
            },
        )
        check_worst_path(definition)
        role = self.workflow.grantee
        grants = [self.orders.grant(role, "UpdateItem"), self.charge_payment.grant_invoke(role)]
        self.workflow.define(definition, after=grants)

    def _connect_functions(self) -> None:
        self.workflow.grant_start(self.start_workflow.grantee)
        self.start_workflow.consume_queue(
            self.placed, batch_size=10, maximum_concurrency=self._settings.workflow_concurrency
        )
        self.payments.grant(self.charge_payment.grantee, "GetItem", "PutItem")
        self.announce.consume_stream(
            self.orders, filter_pattern=json.dumps({"eventName": ["MODIFY"]}), failures=self.undelivered
        )
        self.announcements.grant_publish()
        self.api.grant_call(self.announce.grantee, "Mutation.publishOrder")
        self.orders.grant_query_index(self.sweep.grantee)
        self.orders.grant(self.sweep.grantee, "UpdateItem")
        self.payments.grant(self.sweep.grantee, "GetItem", "PutItem")
        self.placed.grant_send(self.sweep.grantee)

    def _subscribe(self) -> None:
        given = TerraformVariable(
            self,
            "subscription_email",
            type="string",
            default="",
            description="An e-mail address that gets the final status of every order, besides those of the settings.",
        )
        given.override_logical_id("subscription_email")
        self.announcements.subscribe_emails(self._settings.email_subscribers, variable=given)
        self.mailbox = None
        if self._settings.mailbox:
            name = self._settings.name("mailbox")
            topic_arn = self.announcements.known_arn
            self.mailbox = Mailbox(self, "mailbox", name=name, account=self._account, topic_arn=topic_arn)
            self.announcements.subscribe_mailbox(self.mailbox)

    def _outputs(self) -> None:
        outputs: dict[str, object] = {
            "graphql_url": self.api.graphql_url,
            "realtime_url": self.api.realtime_url,
            "region": self._settings.region,
            "user_pool_id": self.customers.id,
            "user_pool_client_id": self.customers.client_id,
            "orders_table": self.orders.name,
            "menu_table": self.menu.name,
            "payments_table": self.payments.name,
            "queue_url": self.placed.url,
            "dead_letter_queue_url": self.placed.dead_letter_queue_url,
            "topic_arn": self.announcements.arn,
            "state_machine_arn": self.workflow.known_arn,
            "functions": {
                "start_workflow": self.start_workflow.name,
                "charge_payment": self.charge_payment.name,
                "announce": self.announce.name,
                "sweep": self.sweep.name,
            },
        }
        if self.mailbox:
            outputs["mailbox_queue_url"] = self.mailbox.url
        for name, value in outputs.items():
            TerraformOutput(self, f"output-{name}", value=value).override_logical_id(name)
