"""Charts of costs: calls, GB-seconds, transitions, table requests and logs, as AWS bills them."""

from environments.names import FUNCTIONS
from environments.order_rules import FUNCTION_MEMORY_MB
from environments.settings import Settings
from stacks.components.metric import Formula, Line, Metric
from stacks.orders.monitoring.metrics import of_function
from stacks.orders.monitoring.rows import Chart, Watched


def costs(settings: Settings, watched: Watched) -> list[Chart]:
    """Return the charts of the billed units; AWS's pages have the price of each."""
    return [
        *_api(watched),
        *_functions(settings),
        _workflow(settings, watched),
        _messages(settings, watched),
        _tables(settings, watched),
        _logs(settings, watched),
    ]


def _api(watched: Watched) -> list[Chart]:
    api = {"GraphQLAPIId": watched.api_id}
    # AppSync's metric Requests counts all APIs of a region; each request of one API has one
    # latency.
    requests = Metric("AWS/AppSync", "Latency", api, "SampleCount")
    messages = Metric("AWS/AppSync", "OutboundMessages", api, "Sum")
    return [
        Chart(title="Requests of the API", lines=[Line("queries and mutations", requests)]),
        Chart(title="Messages to subscribers of the API", lines=[Line("of 5 kB each", messages)]),
    ]


def _functions(settings: Settings) -> list[Chart]:
    durations = [of_function(use_case, "Duration", settings) for use_case in FUNCTIONS]
    return [
        Chart(
            title="Calls of functions",
            lines=[Line(use_case, of_function(use_case, "Invocations", settings)) for use_case in FUNCTIONS],
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


def _workflow(settings: Settings, watched: Watched) -> Chart:
    """Return the chart of the units by which this type of workflow is billed."""
    workflow = {"StateMachineArn": watched.workflow_arn}
    started = Line("started", Metric("AWS/States", "ExecutionsStarted", workflow, "Sum"))
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
            Line("transitions", Metric("AWS/States", "ConsumedCapacity", {**transitions, **workflow}, "Sum")),
            Line("transitions in the account", Metric("AWS/States", "ConsumedCapacity", transitions, "Sum")),
        ],
    )


def _messages(settings: Settings, watched: Watched) -> Chart:
    sent = Metric("AWS/SQS", "NumberOfMessagesSent", {"QueueName": watched.queue}, "Sum")
    published = Metric("AWS/SNS", "NumberOfMessagesPublished", {"TopicName": settings.names.announcements}, "Sum")
    return Chart(title="Messages", lines=[Line("hints", sent), Line("announcements", published)])


def _tables(settings: Settings, watched: Watched) -> Chart:
    places = [{"TableName": table} for table in watched.tables]
    places += [{"TableName": table, "GlobalSecondaryIndexName": index} for table, index in watched.indexes]
    return Chart(
        title="Request units of tables",
        lines=[
            Line(f"{_noun(place, settings)}, {kind.lower()}", _consumed(kind, place))
            for place in places
            for kind in ("Read", "Write")
        ],
    )


def _noun(place: dict[str, str], settings: Settings) -> str:
    return list(place.values())[-1].removeprefix(settings.name(""))


def _consumed(kind: str, place: dict[str, str]) -> Metric:
    return Metric("AWS/DynamoDB", f"Consumed{kind}CapacityUnits", place, "Sum")


def _logs(settings: Settings, watched: Watched) -> Chart:
    groups = {use_case: settings.names.function_log(use_case) for use_case in FUNCTIONS}
    groups |= {"workflow": settings.names.workflow_log, "API": f"/aws/appsync/apis/{watched.api_id}"}
    return Chart(
        title="Logs written",
        lines=[
            Line(label, Metric("AWS/Logs", "IncomingBytes", {"LogGroupName": group}, "Sum"))
            for label, group in groups.items()
        ],
        unit="bytes",
    )
