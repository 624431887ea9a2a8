"""The GraphQL API, its authentication, and its logs."""

import re
from collections.abc import Set

from graphql import FieldNode, OperationDefinitionNode, parse

from deployment.repository_paths import ROOT
from environments.order_rules import OPEN_STATUSES
from environments.settings import Settings, load_settings
from tests.synth.support.stack_json import StackJson, path_of

# Their places in the stack are their addresses in Terraform's state. New ones may be added here.
# One may be removed when every environment has a release whose state says create_before_destroy.
GOLDEN = {
    "appsync_function": {
        f"api/Function-{name}": name
        for name in (
            *("cancelOrder", "checkArguments", "deleteOrder", "insertOrder", "limitOpenOrders", "listMenu"),
            *("listOrders", "presentOrder", "readMenuItem", "readOrder", "readPayment", "replayOrder"),
            *("requireChangeable", "sendHint", "updateOrder"),
        )
    },
    "appsync_datasource": {
        f"api/{name}": name for name in ("menu_table", "nothing", "orders_queue", "orders_table", "payments_table")
    },
}
WHY_NONE_IS_REMOVED = "docs/decisions/infrastructure/create-before-destroy.md"

DOCUMENTS = (ROOT / "web" / "src" / "api" / "documents.ts").read_text(encoding="utf-8")
# The page's documents, by the name of their constant.
PAGE_DOCUMENTS = dict(re.findall(r"export const (\w+) = graphql\(\s*`([^`]*)`", DOCUMENTS))


def resolvers_run(document: str, resolved: Set[str]) -> int:
    """Return the number of fields with a resolver in the document's operation."""
    operations = [one for one in parse(document).definitions if isinstance(one, OperationDefinitionNode)]
    return sum(
        f"{one.operation.value.capitalize()}.{field.name.value}" in resolved
        for one in operations
        for field in one.selection_set.selections
        if isinstance(field, FieldNode)
    )


def open_orders_limits() -> dict[str, int]:
    """Return the limit of a customer's open orders by environment."""
    return {one.environment: one.open_orders_limit for one in load_settings(ROOT / "environments.toml")}


def test_customers_sign_in_with_cognito_and_the_systems_functions_with_iam(stack: StackJson) -> None:
    api = stack.only("appsync_graphql_api")

    assert api["authentication_type"] == "AMAZON_COGNITO_USER_POOLS"
    assert api["additional_authentication_provider"] == [{"authentication_type": "AWS_IAM"}]


def test_there_is_no_api_key(stack: StackJson) -> None:
    assert "appsync_api_key" not in stack.types
    assert "API_KEY" not in str(stack.document)


def test_only_tokens_of_the_pools_one_client_are_taken(stack: StackJson) -> None:
    pool = stack.only("appsync_graphql_api")["user_pool_config"]

    assert stack.referred(pool["user_pool_id"]) is stack.only("cognito_user_pool")
    assert pool["app_id_client_regex"] == stack.reference(stack.only("cognito_user_pool_client"), "id")
    assert pool["default_action"] == "ALLOW"


def test_requests_are_traced_and_only_errors_logged_without_their_content(stack: StackJson, settings: Settings) -> None:
    api = stack.only("appsync_graphql_api")

    assert api["xray_enabled"] is settings.tracing
    assert api["log_config"] == {
        "cloudwatch_logs_role_arn": stack.reference(stack.named("iam_role", "api-logs"), "arn"),
        "field_log_level": "ERROR",
        "exclude_verbose_content": True,
    }


def test_the_log_group_is_the_one_that_appsync_writes_to(stack: StackJson) -> None:
    (group,) = (one for one in stack.all("cloudwatch_log_group") if path_of(one) == "api/Logs")

    assert group["name"] == f"/aws/appsync/apis/{stack.reference(stack.only('appsync_graphql_api'), 'id')}"
    assert group["retention_in_days"] > 0


def test_introspection_and_limits_are_those_of_the_settings(stack: StackJson, settings: Settings) -> None:
    api = stack.only("appsync_graphql_api")

    assert api["introspection_config"] == ("ENABLED" if settings.introspection else "DISABLED")
    assert api["query_depth_limit"] == settings.query_depth_limit
    assert api["resolver_count_limit"] == settings.resolver_count_limit


def test_no_request_runs_more_resolvers_than_twenty_and_none_of_the_page_needs_as_many(stack: StackJson) -> None:
    most = stack.only("appsync_graphql_api")["resolver_count_limit"]
    resolved = {f"{one['type']}.{one['field']}" for one in stack.all("appsync_resolver")}

    needed = {name: resolvers_run(document, resolved) for name, document in PAGE_DOCUMENTS.items()}

    assert len(needed) >= 7
    assert 1 <= max(needed.values()) <= most <= 20
    # Only fields of the roots have one. An order in a list would cost one each.
    assert {one.partition(".")[0] for one in resolved} == {"Query", "Mutation", "Subscription"}


def test_open_orders_are_counted_by_one_query_where_there_is_a_limit_and_else_by_none(
    stack: StackJson, settings: Settings
) -> None:
    (post,) = (one for one in stack.all("appsync_resolver") if one["field"] == "postOrder")

    used = [stack.referred(one)["name"] for one in post["pipeline_config"]["functions"]]

    # AppSync allows ten (General Reference, "AWS AppSync endpoints and quotas").
    assert len(used) <= 10
    assert used.count("limitOpenOrders") == (1 if settings.open_orders_limit else 0)
    assert {name for name, limit in open_orders_limits().items() if limit} == {"prod"}


def test_what_counts_as_open_is_what_the_flow_calls_open(code: dict[str, str]) -> None:
    assert re.findall(r"^const OPEN = \[(.*)\];$", code["limitOpenOrders"], re.MULTILINE) == [
        ", ".join(f"'{status}'" for status in OPEN_STATUSES)
    ]


def test_introspection_is_off_where_customers_are(stacks: dict[str, StackJson]) -> None:
    on = {
        name for name, stack in stacks.items() if stack.only("appsync_graphql_api")["introspection_config"] == "ENABLED"
    }

    assert on == {"local", "dev"}


def test_the_client_has_no_secret_and_passwords_go_to_administrators_only_by_setting(
    stack: StackJson, settings: Settings
) -> None:
    client = stack.only("cognito_user_pool_client")

    admin = ["ALLOW_ADMIN_USER_PASSWORD_AUTH"] if settings.admin_password_auth else []
    assert client["generate_secret"] is False
    assert client["explicit_auth_flows"] == [*admin, "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"]
    assert client["prevent_user_existence_errors"] == "ENABLED"


def test_a_session_ends_after_a_week_unless_the_settings_say_otherwise(stack: StackJson, settings: Settings) -> None:
    client = stack.only("cognito_user_pool_client")

    assert client["token_validity_units"] == [
        {"id_token": "minutes", "access_token": "minutes", "refresh_token": "hours"}
    ]
    minutes = 60 if stack.environment == "local" else 15
    assert (client["id_token_validity"], client["access_token_validity"]) == (minutes, minutes)
    assert client["refresh_token_validity"] == settings.refresh_token_hours == 7 * 24
    assert "refresh_token_rotation" not in client


def test_a_customer_writes_the_address_alone_and_a_new_one_counts_once_it_is_verified(stack: StackJson) -> None:
    pool, client = stack.only("cognito_user_pool"), stack.only("cognito_user_pool_client")

    assert client["write_attributes"] == ["email"]
    assert pool["user_attribute_update_settings"] == {"attributes_require_verification_before_update": ["email"]}


def test_a_code_goes_to_the_address_at_sign_up_and_only_a_verified_one_resets_a_password(stack: StackJson) -> None:
    pool = stack.only("cognito_user_pool")

    assert pool["auto_verified_attributes"] == ["email"]
    assert pool["account_recovery_setting"] == {"recovery_mechanism": [{"name": "verified_email", "priority": 1}]}


def test_a_session_that_was_signed_out_stays_so(stack: StackJson) -> None:
    assert stack.only("cognito_user_pool_client")["enable_token_revocation"] is True


def test_threats_are_watched_where_the_settings_say_so(stack: StackJson, settings: Settings) -> None:
    pool = stack.only("cognito_user_pool")

    watched = settings.threat_protection != "OFF"
    assert watched is (stack.environment == "prod")
    assert pool.get("user_pool_tier") == ("PLUS" if watched else None)
    mode = {"advanced_security_mode": settings.threat_protection}
    assert pool.get("user_pool_add_ons") == (mode if watched else None)


def test_administrators_sign_users_in_with_passwords_in_the_local_run_only(stacks: dict[str, StackJson]) -> None:
    with_passwords = {
        name for name, stack in stacks.items() if "PASSWORD_AUTH" in str(stack.only("cognito_user_pool_client"))
    }

    assert with_passwords == {"local"}


def test_the_queue_is_called_over_https_signed_for_its_region(stack: StackJson, settings: Settings) -> None:
    (source,) = (one for one in stack.all("appsync_datasource") if one["type"] == "HTTP")

    assert source["http_config"] == {
        "endpoint": f"https://sqs.{settings.region}.amazonaws.com",
        "authorization_config": {
            "authorization_type": "AWS_IAM",
            "aws_iam_config": {"signing_region": settings.region, "signing_service_name": "sqs"},
        },
    }


def test_every_table_source_reads_the_table_of_its_name(stack: StackJson) -> None:
    sources = {
        one["name"]: path_of(stack.referred(one["dynamodb_config"]["table_name"]))
        for one in stack.all("appsync_datasource")
        if one["type"] == "AMAZON_DYNAMODB"
    }

    assert sources == {"orders_table": "orders", "menu_table": "menu", "payments_table": "payments"}


def test_all_resolver_code_runs_on_appsync_js_with_its_values_filled_in(stack: StackJson) -> None:
    rendered = [*stack.all("appsync_function"), *stack.all("appsync_resolver")]

    assert len(rendered) == 25
    for one in rendered:
        assert one["runtime"] == {"name": "APPSYNC_JS", "runtime_version": "1.0.0"}, path_of(one)
        assert re.findall(r"\{\{\w*\}\}", one["code"]) == [], path_of(one)


def test_terraform_finds_no_templates_but_the_references_that_are_meant(stack: StackJson) -> None:
    tables = [stack.reference(stack.named("dynamodb_table", name), "name") for name in ("orders", "payments")]
    texts = [stack.only("appsync_graphql_api")["schema"]]
    texts += [one["code"] for type_ in ("appsync_function", "appsync_resolver") for one in stack.all(type_)]

    templates = {found for text in texts for found in re.findall(r"(?<!\$)\$\{[^}]*\}|(?<!%)%\{[^}]*\}", text)}

    assert templates == set(tables)
    assert any("$${" in text for text in texts)


def test_the_change_window_is_the_one_of_the_settings(stack: StackJson, settings: Settings) -> None:
    windows = [
        (one["name"], int(number))
        for one in stack.all("appsync_function")
        for number in re.findall(r"^const CHANGE_WINDOW_SECONDS = (\d+);$", one["code"], re.MULTILINE)
    ]

    assert sorted(windows) == [
        ("insertOrder", settings.change_window_seconds),
        ("sendHint", settings.change_window_seconds),
    ]


def test_functions_and_data_sources_are_deleted_after_what_used_them(stack: StackJson) -> None:
    for one in (*stack.all("appsync_function"), *stack.all("appsync_datasource")):
        assert one["lifecycle"] == {"create_before_destroy": True}, path_of(one)
    # A field has one resolver at a time.
    assert not any("lifecycle" in one for one in stack.all("appsync_resolver"))


def test_no_function_and_no_data_source_is_removed_or_renamed(stack: StackJson) -> None:
    for type_, golden in GOLDEN.items():
        found = {path_of(one): one["name"] for one in stack.all(type_)}

        gone = {path: name for path, name in golden.items() if found.get(path) != name}
        assert gone == {}, f"an environment that skipped a release can't be deployed: see {WHY_NONE_IS_REMOVED}"
