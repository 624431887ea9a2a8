"""The orders system of one environment: what exists, then who may do what."""

import json

from cdktf import TerraformVariable
from constructs import Construct

from environments.names import API_LOG_GROUPS, OPEN_ORDERS, function_log_group, workflow_log_group
from environments.order_rules import MOST_HINTS, OPEN_ORDERS_SHARDS, announced_changes
from environments.settings import Settings
from stacks.components.bucket import Bucket
from stacks.components.firewall import CallLimit, Firewall
from stacks.components.graphql_api import GraphqlApi, RequestLimits
from stacks.components.key import EncryptionKey
from stacks.components.log_group import encrypting_logs
from stacks.components.queue import Mailbox, Queue
from stacks.components.schedule import Schedule
from stacks.components.state_machine import StateMachine
from stacks.components.table import Index, Table, TableKey
from stacks.components.topic import AlarmTopic, Topic
from stacks.components.user_pool import CODE_ENTERING_OPERATIONS, MAILING_OPERATIONS, Mail, Tokens, UserPool
from stacks.orders.alarms import add_alarms
from stacks.orders.dashboard import add_dashboard
from stacks.orders.functions import Functions
from stacks.orders.monitoring.charts_and_alarms import MonitoredResources
from stacks.orders.outputs import add_outputs
from stacks.orders.resolver_wiring import connect_resolvers
from stacks.orders.saved_queries import add_queries
from stacks.orders.saved_query_table import API, WORKFLOW
from stacks.orders.workflow import define_workflow
from stacks.synth.environment_stack import EnvironmentStack
from stacks.synth.packaging import Package
from stacks.synth.rendering import render_code

OPEN_ORDERS_INDEX = Index(OPEN_ORDERS, TableKey("open_shard", "due_at", hash_type="N", range_type="N"))

# A batch is announced side by side. When one change fails, a larger batch repeats more.
ANNOUNCEMENTS_A_BATCH = 40

# A removed or overwritten announcement can be restored for so long: the bucket has its only copy.
REMOVED_ANNOUNCEMENTS_DAYS = 30

# Rules of AWS's common group that would block proper use. A dish may have any name, and the page
# never runs text of an order. Amplify's websockets have a token in the query string, which may
# exceed 2 kB.
PASSED_BY_THE_API = ("CrossSiteScripting_BODY", "SizeRestrictions_QUERYSTRING")


class OrdersStack(EnvironmentStack):
    """All resources of one environment of the orders system, except the bucket of its state."""

    def __init__(self, scope: Construct, id_: str, *, settings: Settings, schema: str, package: Package) -> None:
        super().__init__(scope, id_, settings=settings)
        self.data_key = self._data_key() if settings.customer_keys else None
        functions = Functions(self, settings=settings, account=self._account, package=package, key=self.data_key)
        gateway = {
            "GATEWAY_TIMEOUT_SECONDS": str(settings.timeouts.gateway),
            "PAYMENT_GATEWAY": settings.payment_gateway,
        }

        self.orders = self._table("orders", TableKey("user_id", "id"), index=OPEN_ORDERS_INDEX, stream=True)
        self.menu = self._table("menu", TableKey("restaurant_id", "name"))
        self.payments = self._table("payments", TableKey("user_id", "order_id"))
        self.delayed = self._table("delayed", TableKey("order", "sequence_number"))
        self.customers = UserPool(
            self,
            "customers",
            name=settings.name("customers"),
            tokens=Tokens(
                id_minutes=settings.id_token_minutes,
                access_minutes=settings.access_token_minutes,
                refresh_hours=settings.refresh_token_hours,
                rotation=settings.refresh_token_rotation,
            ),
            admin_password_auth=settings.admin_password_auth,
            removal_protection=settings.removal_protection,
            threat_protection=settings.threat_protection,
            mail=_mail(settings),
        )
        self.api = self._graphql_api(schema)
        if settings.firewall:
            self._protect_api()
            self._protect_customers()
        self.placed = Queue(
            self,
            "placed",
            name=settings.names.queue,
            account=self._account,
            visibility_timeout_seconds=settings.timeouts.visibility,
            consumer_timeout_seconds=settings.timeouts.function,
            removal_protection=settings.removal_protection,
            key=self.data_key,
        )
        self.workflow = StateMachine(
            self,
            "order",
            name=settings.name("order"),
            account=self._account,
            type_=settings.workflow_type,
            log_retention_days=settings.log_retention_days,
            log_level=settings.workflow_log_level,
            log_data=settings.workflow_log_data,
            log_key=self.data_key,
            traced=settings.tracing,
        )
        self.charge_payment = functions.create(
            "charge_payment",
            {"ORDERS_TABLE": self.orders.name, "PAYMENTS_TABLE": self.payments.name, **gateway},
        )
        self.start_workflow = functions.create("start_workflow", {"STATE_MACHINE_ARN": self.workflow.known_arn})
        self.undelivered = Bucket(
            self,
            "undelivered",
            name=settings.names.undelivered,
            removal_protection=settings.removal_protection,
            key=self.data_key,
        )
        self.undelivered.keep_versions(days=REMOVED_ANNOUNCEMENTS_DAYS)
        if settings.access_logs:
            self.undelivered.log_access(to=settings.names.access_logs)
        # The topic's ARN is built from its name, because the topic's policy names the function's
        # role.
        topic_arn = self._account.arn("sns", settings.names.announcements)
        self.announce = functions.create(
            "announce",
            {
                "GRAPHQL_URL": self.api.graphql_url,
                "LIVE_UPDATES": "true" if settings.live_updates else "false",
                "TOPIC_ARN": topic_arn,
                "UNDELIVERED_BUCKET": self.undelivered.name,
                "DELAYED_TABLE": self.delayed.name,
            },
            timeout_seconds=settings.timeouts.announce,
        )
        self.ops = AlarmTopic(
            self,
            "ops",
            name=settings.names.ops_topic,
            key_alias=settings.names.ops_key_alias,
            alarms=settings.name("*"),
            description=f"Encrypts what the topics of {settings.environment} tell on its way",
            account=self._account,
        )
        self.ops.subscribe_emails(settings.alarm_emails)
        self.announcements = Topic(
            self,
            "announcements",
            name=settings.names.announcements,
            account=self._account,
            publisher=self.announce.grantee,
            key=self.ops.key,
        )
        self.sweep = functions.create(
            "sweep", {**self._sweep_environment(), **gateway}, timeout_seconds=settings.timeouts.sweep
        )
        every_minute = Schedule(
            self,
            "every-minute",
            name=settings.name("sweep"),
            group=settings.names.schedule_group,
            account=self._account,
            expression="rate(1 minute)",
            function=self.sweep,
        )
        every_minute.add_target(self.announce, name=settings.name("announce"))

        define_workflow(
            self.workflow, orders=self.orders, charge_payment=self.charge_payment, timeouts=settings.timeouts
        )
        connect_resolvers(
            self.api,
            orders=self.orders,
            menu=self.menu,
            payments=self.payments,
            placed=self.placed,
            change_window_seconds=settings.change_window_seconds,
            open_orders_limit=settings.open_orders_limit,
        )
        self._connect_functions()
        self._subscribe()
        monitored = self._monitored_resources()
        add_alarms(self, settings, monitored=monitored, topic=self.ops)
        add_dashboard(self, settings, monitored=monitored)
        logs = {**functions.log_groups, API: self.api.log_group, WORKFLOW: self.workflow.log_group}
        add_queries(self, settings, log_groups=logs)
        add_outputs(
            self,
            {
                "graphql_url": self.api.graphql_url,
                "realtime_url": self.api.realtime_url,
                "region": settings.region,
                "user_pool_id": self.customers.id,
                "user_pool_client_id": self.customers.client_id,
                "orders_table": self.orders.name,
                "menu_table": self.menu.name,
                "payments_table": self.payments.name,
                "queue_url": self.placed.url,
                "dead_letter_queue_url": self.placed.dead_letter_queue_url,
                "topic_arn": self.announcements.arn,
                "state_machine_arn": self.workflow.known_arn,
                "functions": functions.names,
                "mailbox_queue_url": self.mailbox.url if self.mailbox else None,
            },
        )

    def _table(self, noun: str, key: TableKey, *, index: Index | None = None, stream: bool = False) -> Table:
        return Table(
            self,
            noun,
            name=self._settings.name(noun),
            account=self._account,
            key=key,
            index=index,
            stream=stream,
            removal_protection=self._settings.removal_protection,
            data_key=self.data_key,
        )

    def _data_key(self) -> EncryptionKey:
        """Create the key for all data that the system stores.

        CloudWatch Logs may use it for the system's log groups.
        """
        settings = self._settings
        name = settings.name("*")
        logs = encrypting_logs(self._account, function_log_group(name), workflow_log_group(name), API_LOG_GROUPS)
        return EncryptionKey(
            self,
            "data-key",
            alias=settings.names.data_key_alias,
            description=f"Encrypts what {settings.environment} stores",
            account=self._account,
            removal_protection=settings.removal_protection,
            users=[logs],
        )

    def _monitored_resources(self) -> MonitoredResources:
        names = self._settings.names
        return MonitoredResources(
            api_id=self.api.id,
            workflow_arn=self.workflow.known_arn,
            queue=self.placed.name,
            dead_letter_queue=self.placed.dead_letter_queue_name,
            # Without `delayed`: when that table is throttled, an announcement fails, which has an
            # alarm.
            tables=[names.orders_table, self._settings.name("menu"), names.payments_table],
            indexes=[(names.orders_table, OPEN_ORDERS)],
            stream_mapping=self._changes,
            schedule_group=names.schedule_group,
        )

    def _sweep_environment(self) -> dict[str, str]:
        return {
            "ORDERS_TABLE": self.orders.name,
            "PAYMENTS_TABLE": self.payments.name,
            "QUEUE_URL": self.placed.url,
            "OPEN_ORDERS_INDEX": OPEN_ORDERS,
            "OPEN_ORDERS_SHARDS": str(OPEN_ORDERS_SHARDS),
            "SWEEP_MAX_HINTS": str(MOST_HINTS),
            "LATE_AFTER_SECONDS": str(self._settings.alarm_order_late_seconds),
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
            limits=RequestLimits(
                introspection=settings.introspection,
                query_depth=settings.query_depth_limit,
                resolver_count=settings.resolver_count_limit,
            ),
            field_log_level=settings.field_log_level,
            log_retention_days=settings.log_retention_days,
            log_key=self.data_key,
            traced=settings.tracing,
        )

    def _protect_api(self) -> None:
        firewall = Firewall(
            self,
            "firewall",
            name=self._settings.name("api"),
            requests_per_address=self._settings.firewall_requests,
            # The system's functions call from addresses that Lambda shares, once for each change of
            # an order.
            admits_signed=True,
            counted_only=PASSED_BY_THE_API,
        )
        firewall.protect(self.api.arn)

    def _protect_customers(self) -> None:
        """Limit sign-ups and sign-ins by address: each sign-up sends a mail, and may cost money.

        So are guesses at codes. The API's firewall doesn't see them.
        """
        codes = self._settings.firewall_code_requests
        firewall = Firewall(
            self,
            "customers-firewall",
            name=self._settings.name("customers"),
            requests_per_address=self._settings.firewall_sign_in_requests,
            calls=[
                CallLimit("codes", MAILING_OPERATIONS, codes),
                CallLimit("entered-codes", CODE_ENTERING_OPERATIONS, codes),
            ],
        )
        firewall.protect(self.customers.arn)

    def _connect_functions(self) -> None:
        self.workflow.grant_start(self.start_workflow.grantee)
        self.start_workflow.consume_queue(
            self.placed, batch_size=10, maximum_concurrency=self._settings.workflow_concurrency
        )
        self.payments.grant(self.charge_payment.grantee, "GetItem", "PutItem")
        self._changes = self.announce.consume_stream(
            self.orders,
            filter_pattern=json.dumps(
                announced_changes(
                    live_updates=self._settings.live_updates,
                    change_window_seconds=self._settings.change_window_seconds,
                )
            ),
            failures=self.undelivered,
            batch_size=ANNOUNCEMENTS_A_BATCH,
            parallelization_factor=self._settings.announce_parallelization,
        )
        self.delayed.grant(self.announce.grantee, "DeleteItem", "PutItem", "Query", "Scan")
        self.announcements.grant_publish()
        if self._settings.live_updates:
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
            description="An e-mail address that hears how orders end, besides those of the settings.",
        )
        given.override_logical_id("subscription_email")
        self.announcements.subscribe_emails(
            self._settings.email_subscribers, variable=given, filter_policy=self._settings.email_filter_policy
        )
        self.mailbox = None
        if self._settings.mailbox:
            name = self._settings.name("mailbox")
            topic_arn = self.announcements.known_arn
            self.mailbox = Mailbox(self, "mailbox", name=name, account=self._account, topic_arn=topic_arn)
            self.announcements.subscribe_mailbox(self.mailbox)


def _mail(settings: Settings) -> Mail | None:
    if settings.mail_identity_arn is None or settings.mail_from is None:
        return None
    return Mail(settings.mail_identity_arn, settings.mail_from)
