"""Charts of costs: calls, GB-seconds, transitions, table requests and logs, as AWS bills them."""

from environments.names import FUNCTIONS
from environments.order_rules import FUNCTION_MEMORY_MB
from environments.settings import Settings
from stacks.components.metric import Formula, GraphLine, Metric
from stacks.orders.monitoring.charts_and_alarms import Chart, MonitoredResources
from stacks.orders.monitoring.function_metrics import lambda_metric


def cost_charts(settings: Settings, monitored: MonitoredResources) -> list[Chart]:
    """Return the charts of the billed units; AWS's pages have the price of each."""
    return [
        *_api(monitored),
        *_functions(settings),
        _workflow(settings, monitored),
        _messages(settings, monitored),
        _tables(settings, monitored),
        _logs(settings, monitored),
    ]


def _api(monitored: MonitoredResources) -> list[Chart]:
    api = {"GraphQLAPIId": monitored.api_id}
    # AppSync's metric Requests counts all APIs of a region; each request of one API has one
    # latency.
    requests = Metric("AWS/AppSync", "Latency", api, "SampleCount")
    messages = Metric("AWS/AppSync", "OutboundMessages", api, "Sum")
    return [
        Chart(title="Requests of the API", lines=[GraphLine("queries and mutations", requests)]),
        Chart(title="Messages to subscribers of the API", lines=[GraphLine("of 5 kB each", messages)]),
    ]


def _functions(settings: Settings) -> list[Chart]:
    durations = [lambda_metric(use_case, "Duration", settings) for use_case in FUNCTIONS]
    return [
        Chart(
            title="Calls of functions",
            lines=[GraphLine(use_case, lambda_metric(use_case, "Invocations", settings)) for use_case in FUNCTIONS],
        ),
        Chart(
            title="GB-seconds of functions",
            lines=[
                Formula(
                    "without cold starts", f"SUM(FILL(METRICS(), 0)) / 1000 * {FUNCTION_MEMORY_MB} / 1024", durations
                ),
            ],
        ),
    ]


def _workflow(settings: Settings, monitored: MonitoredResources) -> Chart:
    """Return the chart of the units by which this type of workflow is billed."""
    workflow = {"StateMachineArn": monitored.workflow_arn}
    started = GraphLine("started", Metric("AWS/States", "ExecutionsStarted", workflow, "Sum"))
    if settings.workflow_type == "EXPRESS":
        billed = Metric("AWS/States", "ExpressExecutionBilledDuration", workflow, "Sum")
        return Chart(
            title="Workflows (EXPRESS: no price on transitions)",
            lines=[started, Formula("billed seconds", "m1 / 1000", [billed])],
        )
    transitions = {"ServiceMetric": "StateTransition"}
    return Chart(
        title="Workflows (STANDARD: billed by transitions)",
        lines=[
            started,
            GraphLine("transitions", Metric("AWS/States", "ConsumedCapacity", {**transitions, **workflow}, "Sum")),
            GraphLine("transitions in the account", Metric("AWS/States", "ConsumedCapacity", transitions, "Sum")),
        ],
    )


def _messages(settings: Settings, monitored: MonitoredResources) -> Chart:
    sent = Metric("AWS/SQS", "NumberOfMessagesSent", {"QueueName": monitored.queue}, "Sum")
    published = Metric("AWS/SNS", "NumberOfMessagesPublished", {"TopicName": settings.names.announcements}, "Sum")
    return Chart(title="Messages", lines=[GraphLine("hints", sent), GraphLine("announcements", published)])


def _tables(settings: Settings, monitored: MonitoredResources) -> Chart:
    places = [{"TableName": table} for table in monitored.tables]
    places += [{"TableName": table, "GlobalSecondaryIndexName": index} for table, index in monitored.indexes]
    return Chart(
        title="Request units of tables",
        lines=[
            GraphLine(f"{_noun(place, settings)}, {kind.lower()}", _consumed(kind, place))
            for place in places
            for kind in ("Read", "Write")
        ],
    )


def _noun(place: dict[str, str], settings: Settings) -> str:
    return list(place.values())[-1].removeprefix(settings.name(""))


def _consumed(kind: str, place: dict[str, str]) -> Metric:
    return Metric("AWS/DynamoDB", f"Consumed{kind}CapacityUnits", place, "Sum")


def _logs(settings: Settings, monitored: MonitoredResources) -> Chart:
    groups = {use_case: settings.names.function_log(use_case) for use_case in FUNCTIONS}
    groups |= {"workflow": settings.names.workflow_log, "API": f"/aws/appsync/apis/{monitored.api_id}"}
    return Chart(
        title="Logs written",
        lines=[
            GraphLine(label, Metric("AWS/Logs", "IncomingBytes", {"LogGroupName": group}, "Sum"))
            for label, group in groups.items()
        ],
        unit="bytes",
    )
