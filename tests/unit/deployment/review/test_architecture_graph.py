"""Nodes and edges of the picture, and the resources that it leaves out."""

import json
from typing import Any

from deployment.review.architecture_graph import ArchitectureGraph, build_graph
from deployment.review.dot import dot
from deployment.review.mermaid import mermaid
from deployment.review.synthesized_stack import SynthesizedStack
from tests.unit.support.review_documents import allow, grant, policy, resource, role, stack

ARN = "arn:aws:{}:eu-central-1:111111111111:{}"


def function(path: str, **attributes: Any) -> list[dict[str, Any]]:
    name = f"orders-dev-{path}"
    return [resource("lambda_function", path, function_name=name, **attributes), role(f"{path}/Role", name)]


def edges(graph: ArchitectureGraph) -> list[tuple[str, str, str, str]]:
    names = {node.id: node.label for node in graph.nodes}
    return [(names[edge.source], names[edge.target], edge.label, edge.style) for edge in graph.edges]


def drawn(*resources: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    return edges(build_graph([stack(*resources)]))


def test_a_grant_is_an_edge_from_whatever_runs_with_the_role() -> None:
    table = resource("dynamodb_table", "orders", name="orders-dev-orders")
    index = ARN.format("dynamodb", "table/orders-dev-orders/index/open")
    using = grant("sweep/Role/use", "sweep_Role", allow("dynamodb:Query", "dynamodb:UpdateItem", on=[index]))

    assert drawn(*function("sweep"), table, using) == [("sweep", "orders", "reads, writes", "grant")]


def test_an_arn_means_the_resource_with_that_name_and_no_other() -> None:
    queues = [resource("sqs_queue", noun, name=f"orders-dev-{noun}") for noun in ("placed", "placed-dead-letters")]
    topic = resource("sns_topic", "placed-topic", name="orders-dev-placed-dead-letters")
    using = grant(
        "sweep/Role/use", "sweep_Role", allow("sqs:SendMessage", on=ARN.format("sqs", "orders-dev-placed-dead-letters"))
    )

    graph = build_graph([stack(*function("sweep"), *queues, topic, using)])

    (edge,) = graph.edges
    assert edge.target == "orders_dev_placed_dead_letters"


def test_an_arn_of_something_undrawn_means_nothing_with_a_shorter_name() -> None:
    queue = resource("sqs_queue", "placed", name="orders-dev-placed")
    using = grant("sweep/Role/use", "sweep_Role", allow("sqs:SendMessage", on=ARN.format("sqs", "orders-dev-placed-2")))

    assert drawn(*function("sweep"), queue, using) == []


def test_a_mention_in_a_resources_policy_is_no_edge() -> None:
    protected = policy({**allow("sqs:*", on="*"), "Principal": {"AWS": "${aws_iam_role.sweep_Role.arn}"}})
    queue = resource("sqs_queue", "placed", name="orders-dev-placed", policy=protected)

    assert drawn(*function("sweep"), queue) == []


def test_a_grant_on_everything_or_of_refusal_is_no_edge() -> None:
    queue = resource("sqs_queue", "placed", name="orders-dev-placed")
    denied = {**allow("sqs:SendMessage", on=ARN.format("sqs", "orders-dev-placed")), "Effect": "Deny"}
    using = grant("sweep/Role/use", "sweep_Role", allow("xray:PutTraceSegments", on="*"), denied)

    assert drawn(*function("sweep"), queue, using) == []


def test_an_event_source_replaces_the_grant_to_read_it() -> None:
    queue = resource("sqs_queue", "placed", name="orders-dev-placed")
    mapping = resource(
        "lambda_event_source_mapping",
        "start/From-placed",
        event_source_arn="${aws_sqs_queue.placed.arn}",
        function_name="${aws_lambda_function.start.function_name}",
    )
    using = grant("start/Role/use", "start_Role", allow("sqs:ReceiveMessage", on=["${aws_sqs_queue.placed.arn}"]))

    assert drawn(*function("start"), queue, mapping, using) == [("placed", "start", "messages", "event")]


def test_a_table_feeds_a_function_whose_failed_batches_go_to_a_bucket() -> None:
    mapping = resource(
        "lambda_event_source_mapping",
        "announce/From-orders",
        event_source_arn="${aws_dynamodb_table.orders.stream_arn}",
        function_name="${aws_lambda_function.announce.function_name}",
        destination_config={"on_failure": {"destination_arn": "${aws_s3_bucket.undelivered.arn}"}},
    )
    stores = [
        resource("dynamodb_table", "orders", name="orders-dev-orders"),
        resource("s3_bucket", "undelivered", bucket="orders-dev-undelivered-111111111111"),
    ]

    assert drawn(*function("announce"), *stores, mapping) == [
        ("announce", "undelivered", "failed batches", "event"),
        ("orders", "announce", "changes", "event"),
    ]


def test_schedules_subscriptions_and_dead_letters_are_events() -> None:
    redrive = {"deadLetterTargetArn": ARN.format("sqs", "orders-dev-dead"), "maxReceiveCount": 4}
    target = {"arn": "${aws_lambda_function.sweep.arn}"}
    topic = {"topic_arn": "${aws_sns_topic.news.arn}"}

    found = drawn(
        *function("sweep"),
        resource(
            "scheduler_schedule", "every", name="orders-dev-every", schedule_expression="rate(1 minute)", target=target
        ),
        resource("sns_topic", "news", name="orders-dev-news"),
        resource("sns_topic_subscription", "news/Email", protocol="email", endpoint="${var.address}", **topic),
        resource("sns_topic_subscription", "news/Box", protocol="sqs", endpoint="${aws_sqs_queue.placed.arn}", **topic),
        resource("sqs_queue", "placed", name="orders-dev-placed", redrive_policy=json.dumps(redrive)),
        resource("sqs_queue", "dead", name="orders-dev-dead"),
    )

    assert found == [
        ("every", "sweep", "rate(1 minute)", "event"),
        ("news", "placed", "messages", "event"),
        ("news", "e-mail subscribers", "e-mail", "event"),
        ("placed", "dead", "after 4 receives", "event"),
    ]


def test_a_mention_is_an_edge_only_where_nothing_else_connects_the_two() -> None:
    pool = resource("cognito_user_pool", "customers", name="orders-dev-customers")
    variables = {"QUEUE_URL": "${aws_sqs_queue.placed.url}", "POOL": "${aws_cognito_user_pool.customers.id}"}
    queue = resource("sqs_queue", "placed", name="orders-dev-placed")
    using = grant("sweep/Role/use", "sweep_Role", allow("sqs:SendMessage", on=["${aws_sqs_queue.placed.arn}"]))

    found = drawn(*function("sweep", environment={"variables": variables}), pool, queue, using)

    assert found == [("sweep", "customers", "uses", "reference"), ("sweep", "placed", "sends", "grant")]


def test_roles_are_drawn_only_where_nothing_runs_with_them() -> None:
    graph = build_graph([stack(*function("sweep"), role("plan", "plan"))])

    assert [(node.service, node.label) for node in graph.nodes] == [("IAM", "plan"), ("Lambda", "sweep")]


def test_a_role_says_whom_it_trusts_and_what_bounds_it() -> None:
    trust = policy({"Effect": "Allow", "Principal": {"Federated": "${aws_iam_openid_connect_provider.github.arn}"}})
    found = drawn(
        role("plan", "plan", assume_role_policy=trust, permissions_boundary="${aws_iam_policy.limit.arn}"),
        resource("iam_openid_connect_provider", "github", url="https://token.example"),
        resource("iam_policy", "limit", name="limit", policy=policy()),
    )

    assert found == [
        ("plan", "token.example", "trusts", "reference"),
        ("plan", "limit", "bounded by", "reference"),
    ]


def test_alarms_stand_in_what_they_watch() -> None:
    environment = {"variables": {"POWERTOOLS_SERVICE_NAME": "sweep"}}
    alarms = [
        resource("cloudwatch_metric_alarm", f"a{number}", alarm_name=f"orders-dev-{name}", dimensions=dimensions)
        for number, (name, dimensions) in enumerate(
            [("given-up", {"service": "sweep"}), ("errors", {"FunctionName": "orders-dev-sweep"}), ("lost", {"X": "y"})]
        )
    ]

    graph = build_graph([stack(*function("sweep", environment=environment), *alarms)])

    assert [node.alarms for node in graph.nodes] == [("errors", "given-up")]


def test_an_alarm_of_several_metrics_stands_once_in_each_thing_that_they_are_of() -> None:
    queries = [
        {"id": f"m{number}", "metric": {"metric_name": name, "dimensions": {"TableName": table}}}
        for number, (name, table) in enumerate([("Read", "a"), ("Write", "a"), ("Read", "b")])
    ]
    alarm = resource(
        "cloudwatch_metric_alarm",
        "throttles",
        alarm_name="orders-dev-throttles",
        metric_query=[*queries, {"id": "sum", "expression": "SUM(METRICS())"}],
    )

    graph = build_graph([stack(*(resource("dynamodb_table", name, name=name) for name in ("a", "b")), alarm)])

    assert [node.alarms for node in graph.nodes] == [("throttles",), ("throttles",)]


def test_escaped_template_marks_are_no_reference() -> None:
    code = "const text = `$${aws_sqs_queue.placed.url}`;"

    assert drawn(*function("sweep", code=code), resource("sqs_queue", "placed", name="orders-dev-placed")) == []


def test_both_languages_draw_every_node_and_edge_and_the_same_each_time() -> None:
    resources = [
        *function("sweep"),
        resource("sqs_queue", "placed", name='orders-dev-"placed"'),
        grant("sweep/Role/use", "sweep_Role", allow("sqs:SendMessage", on=["${aws_sqs_queue.placed.arn}"])),
    ]
    graph = build_graph([stack(*resources)])

    assert mermaid(graph) == mermaid(build_graph([shuffled(stack(*reversed(resources)))]))
    assert 'orders_dev_sweep --> |"sends"| orders_dev_placed' in mermaid(graph)
    assert '    orders_dev_placed("<b>&quot;placed&quot;</b><br/>queue")' in mermaid(graph)
    assert '"orders_dev_sweep" -> "orders_dev_placed" [label="sends", class="grant"' in dot(graph)
    assert '"orders_dev_placed" [label="\\"placed\\"\\nqueue"' in dot(graph)


def test_resources_are_in_one_order_whatever_the_documents_is() -> None:
    found = [one.address for one in shuffled(stack(*function("sweep"), resource("sqs_queue", "a", name="a"))).resources]

    assert found == ["aws_iam_role.sweep_Role", "aws_lambda_function.sweep", "aws_sqs_queue.a"]


def shuffled(one: SynthesizedStack) -> SynthesizedStack:
    document = dict(one.document)
    document["resource"] = dict(reversed(document["resource"].items()))
    return SynthesizedStack(one.name, document)
