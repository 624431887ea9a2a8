"""A mistake in `environments.toml` is one line: file, table, key, value, and allowed values."""

import re
from pathlib import Path

import pytest

from deployment.repository_paths import ROOT
from environments.limits import LOG_RETENTION_DAYS
from environments.order_rules import FINAL_STATUSES, PAYMENT_GATEWAYS
from environments.settings import Settings, SettingsError, load_settings, with_change_window

NEEDED = {"region": '"eu-central-1"', "account_id": '"111111111111"', "state_bucket": '"state-111111111111"'}
KEYS = (
    "region, account_id, state_bucket, email_subscribers, email_statuses, alarm_emails, alarm_order_late_seconds,"
    " alarm_hint_age_seconds, alarm_api_errors, alarm_api_p95_milliseconds, alarm_failed_payments_percent,"
    " alarm_function_errors, alarm_duration_percent, alarm_sweep_silence_minutes, change_window_seconds,"
    " log_retention_days, function_log_level, workflow_log_level, workflow_log_data, tracing, removal_protection,"
    " customer_keys, access_logs, workflow_type, workflow_concurrency, announce_parallelization, live_updates,"
    " reserved_concurrency, payment_gateway, introspection, field_log_level, query_depth_limit, resolver_count_limit,"
    " open_orders_limit, firewall, firewall_requests, firewall_sign_in_requests, firewall_code_requests,"
    " id_token_minutes, access_token_minutes, refresh_token_hours, refresh_token_rotation, threat_protection,"
    " mail_identity_arn, mail_from, github_repository, custom_endpoint,"
    " admin_password_auth, mailbox, web_domain, web_certificate_arn, engineer_view"
)
# The code that uses the settings, and the property by which it reads one of them.
READERS = ("stacks", "deployment", "operations", "local")
READ_AS = {"github_repository": "github_repositories"}
SENDER = {
    "mail_identity_arn": '"arn:aws:ses:eu-central-1:111111111111:identity/example.com"',
    "mail_from": '"orders@example.com"',
}
ENDS = "a list of at least one of PAID, FAILED, CANCELLED, each once"
GATEWAYS = f"one of {', '.join(PAYMENT_GATEWAYS)}"
RETENTION = ", ".join(map(str, LOG_RETENTION_DAYS))

WRONG = [
    # key, value in TOML, value in the message, allowed values
    ("region", '"frankfurt"', "'frankfurt'", "an AWS region such as eu-central-1"),
    ("region", '"eu-central-1 "', "'eu-central-1 '", "an AWS region such as eu-central-1"),
    ("region", "1", "1", "an AWS region such as eu-central-1"),
    ("region", '"eu-central-9"', "'eu-central-9'", "an AWS region such as eu-central-1"),
    ("account_id", "111111111111", "111111111111", "12 digits, quoted"),
    ("account_id", '"1111"', "'1111'", "12 digits, quoted"),
    ("state_bucket", '"State-111111111111"', "'State-111111111111'", "an S3 bucket name"),
    ("email_subscribers", '"a@example.com"', "'a@example.com'", "a list of e-mail addresses"),
    ("email_subscribers", '["a@example.com", 1]', "['a@example.com', 1]", "a list of e-mail addresses"),
    ("email_subscribers", '["a@example.com", "b"]', "['a@example.com', 'b']", "a list of e-mail addresses"),
    ("email_statuses", "[]", "[]", ENDS),
    ("email_statuses", '"FAILED"', "'FAILED'", ENDS),
    ("email_statuses", '["FAILED", "PAYING"]', "['FAILED', 'PAYING']", ENDS),
    ("email_statuses", '["failed"]', "['failed']", ENDS),
    ("email_statuses", '["PAID", "PAID"]', "['PAID', 'PAID']", ENDS),
    ("email_statuses", "[1]", "[1]", ENDS),
    ("alarm_emails", '"a@example.com"', "'a@example.com'", "a list of e-mail addresses"),
    ("alarm_emails", '["a@example.com", "b"]', "['a@example.com', 'b']", "a list of e-mail addresses"),
    ("alarm_order_late_seconds", "59", "59", "a whole number from 60 to 3600"),
    ("alarm_hint_age_seconds", "3601", "3601", "a whole number from 60 to 3600"),
    ("alarm_api_errors", "-1", "-1", "a whole number from 0 to 10000"),
    ("alarm_api_p95_milliseconds", "99", "99", "a whole number from 100 to 30000"),
    ("alarm_failed_payments_percent", "101", "101", "a whole number from 1 to 100"),
    ("alarm_function_errors", "10001", "10001", "a whole number from 0 to 10000"),
    ("alarm_duration_percent", "100", "100", "a whole number from 10 to 99"),
    ("alarm_sweep_silence_minutes", "1", "1", "a whole number from 2 to 60"),
    ("change_window_seconds", "-1", "-1", "a whole number from 0 to 900"),
    ("change_window_seconds", "901", "901", "a whole number from 0 to 900"),
    ("change_window_seconds", "1.5", "1.5", "a whole number from 0 to 900"),
    ("change_window_seconds", "true", "True", "a whole number from 0 to 900"),
    ("change_window_seconds", '"30"', "'30'", "a whole number from 0 to 900"),
    ("log_retention_days", "2", "2", f"one of {RETENTION}"),
    ("function_log_level", '"info"', "'info'", "one of DEBUG, INFO, WARNING, ERROR, CRITICAL"),
    ("workflow_log_level", '"INFO"', "'INFO'", "one of ALL, ERROR, FATAL, OFF"),
    ("workflow_log_data", "1", "1", "true or false"),
    ("removal_protection", '"yes"', "'yes'", "true or false"),
    ("removal_protection", "1", "1", "true or false"),
    ("workflow_type", '"express"', "'express'", "one of EXPRESS, STANDARD"),
    ("workflow_concurrency", "1", "1", "a whole number from 2 to 1000"),
    ("announce_parallelization", "11", "11", "a whole number from 1 to 10"),
    ("reserved_concurrency", "0", "0", "a whole number from 1 to 1000"),
    ("reserved_concurrency", "false", "False", "a whole number from 1 to 1000"),
    ("payment_gateway", '"stripe"', "'stripe'", GATEWAYS),
    ("payment_gateway", "1", "1", GATEWAYS),
    ("introspection", '"ENABLED"', "'ENABLED'", "true or false"),
    ("field_log_level", '"error"', "'error'", "one of NONE, ERROR, INFO, DEBUG, ALL"),
    ("query_depth_limit", "76", "76", "a whole number from 1 to 75"),
    ("resolver_count_limit", "21", "21", "a whole number from 1 to 20"),
    ("resolver_count_limit", "0", "0", "a whole number from 1 to 20"),
    ("open_orders_limit", "101", "101", "a whole number from 0 to 100"),
    ("open_orders_limit", "-1", "-1", "a whole number from 0 to 100"),
    ("firewall", '"yes"', "'yes'", "true or false"),
    ("customer_keys", '"yes"', "'yes'", "true or false"),
    ("access_logs", '"yes"', "'yes'", "true or false"),
    ("live_updates", '"yes"', "'yes'", "true or false"),
    ("tracing", '"yes"', "'yes'", "true or false"),
    ("firewall_requests", "9", "9", "a whole number from 10 to 2000000"),
    ("firewall_sign_in_requests", "9", "9", "a whole number from 10 to 2000000"),
    ("firewall_code_requests", "9", "9", "a whole number from 10 to 2000000"),
    ("open_orders_limit", "true", "True", "a whole number from 0 to 100"),
    ("github_repository", '"owner"', "'owner'", "a repository as owner/name or owner@id/name@id"),
    ("github_repository", "[1]", "[1]", "a repository as owner/name or owner@id/name@id"),
    ("github_repository", "true", "True", "a repository as owner/name or owner@id/name@id"),
    ("github_repository", '["a/b", "a/*"]', "['a/b', 'a/*']", "a repository as owner/name or owner@id/name@id"),
    ("id_token_minutes", "4", "4", "a whole number from 5 to 1440"),
    ("id_token_minutes", "1441", "1441", "a whole number from 5 to 1440"),
    ("access_token_minutes", "4", "4", "a whole number from 5 to 1440"),
    ("access_token_minutes", "1.0", "1.0", "a whole number from 5 to 1440"),
    ("refresh_token_hours", "0", "0", "a whole number from 1 to 87600"),
    ("refresh_token_hours", "87601", "87601", "a whole number from 1 to 87600"),
    ("refresh_token_rotation", "1", "1", "true or false"),
    ("threat_protection", '"ON"', "'ON'", "one of OFF, AUDIT, ENFORCED"),
    (
        "mail_identity_arn",
        '"example.com"',
        "'example.com'",
        "the ARN of an identity in SES, such as arn:aws:ses:eu-central-1:111111111111:identity/example.com",
    ),
    (
        "mail_from",
        '"Orders <a@example.com>"',
        "'Orders <a@example.com>'",
        "an e-mail address such as orders@example.com",
    ),
    ("custom_endpoint", '"http://localhost"', "'http://localhost'", "true or false"),
    ("admin_password_auth", "0", "0", "true or false"),
    ("mailbox", "[]", "[]", "true or false"),
    ("web_domain", '"https://a.com"', "'https://a.com'", "a domain name such as orders.example.com"),
    (
        "web_certificate_arn",
        '"arn:aws:acm:eu-west-1:1"',
        "'arn:aws:acm:eu-west-1:1'",
        "a certificate's ARN in us-east-1",
    ),
]


def file_with(folder: Path, text: str) -> Path:
    path = folder / "environments.toml"
    path.write_text(text, encoding="utf-8")
    return path


def table(name: str = "dev", **values: str) -> str:
    return f"[{name}]\n" + "".join(f"{key} = {value}\n" for key, value in (NEEDED | values).items())


def complaint(path: Path) -> str:
    with pytest.raises(SettingsError) as error:
        load_settings(path)
    return str(error.value)


def test_an_environment_that_says_only_what_it_must_gets_the_safe_defaults(tmp_path: Path) -> None:
    settings = load_settings(file_with(tmp_path, table()))

    assert settings == [
        Settings(
            environment="dev",
            region="eu-central-1",
            account_id="111111111111",
            state_bucket="state-111111111111",
            email_subscribers=[],
            email_statuses=["PAID", "FAILED", "CANCELLED"],
            alarm_emails=[],
            change_window_seconds=0,
            log_retention_days=30,
            removal_protection=False,
            workflow_type="EXPRESS",
            workflow_concurrency=10,
            reserved_concurrency=None,
            payment_gateway="simulated",
            introspection=False,
            field_log_level="ERROR",
            query_depth_limit=5,
            resolver_count_limit=20,
            open_orders_limit=0,
            firewall=False,
            firewall_requests=2000,
            firewall_sign_in_requests=300,
            firewall_code_requests=20,
            id_token_minutes=15,
            access_token_minutes=15,
            refresh_token_hours=168,
            refresh_token_rotation=False,
            threat_protection="OFF",
            mail_identity_arn=None,
            mail_from=None,
            custom_endpoint=False,
            admin_password_auth=False,
            mailbox=False,
        )
    ]


def test_every_key_has_a_wrong_value_here() -> None:
    assert {key for key, *_ in WRONG} == set(KEYS.split(", ")) - {"engineer_view"}


@pytest.mark.parametrize("key", KEYS.split(", "))
def test_a_setting_changes_something(key: str) -> None:
    readers = [ROOT / "main.py", *(path for folder in READERS for path in (ROOT / folder).rglob("*.py"))]

    used = [
        path for path in readers if re.search(rf"settings\.{READ_AS.get(key, key)}\b", path.read_text(encoding="utf-8"))
    ]

    assert used != []


def test_each_table_is_an_environment_in_the_files_order(tmp_path: Path) -> None:
    path = file_with(tmp_path, table("prod", change_window_seconds="30") + table("dev"))

    settings = load_settings(path)

    assert [(one.environment, one.change_window_seconds) for one in settings] == [("prod", 30), ("dev", 0)]


def test_the_projects_own_file_is_right() -> None:
    settings = load_settings(ROOT / "environments.toml")

    assert [one.environment for one in settings] == ["local", "dev", "staging", "prod"]
    assert {one.environment: one.email_statuses for one in settings if one.email_statuses != [*FINAL_STATUSES]} == {
        "prod": ["FAILED"]
    }


def test_a_name_is_project_environment_and_noun(tmp_path: Path) -> None:
    settings = load_settings(file_with(tmp_path, table()))[0]

    assert settings.name("placed") == "orders-dev-placed"


@pytest.mark.parametrize(("key", "value", "got", "allowed"), WRONG)
def test_a_wrong_value_is_one_line(tmp_path: Path, key: str, value: str, got: str, allowed: str) -> None:
    path = file_with(tmp_path, table(**{key: value}))

    assert complaint(path) == f"environments.toml [dev] {key}: got {got}, expected {allowed}"


@pytest.mark.parametrize(
    ("key", "allowed"),
    [
        ("region", "an AWS region such as eu-central-1"),
        ("account_id", "12 digits, quoted"),
        ("state_bucket", "an S3 bucket name"),
    ],
)
def test_a_missing_key_is_one_line(tmp_path: Path, key: str, allowed: str) -> None:
    path = file_with(tmp_path, "".join(line for line in table().splitlines(keepends=True) if key not in line))

    assert complaint(path) == f"environments.toml [dev] {key}: missing; expected {allowed}"


@pytest.mark.parametrize("key", ["regoin", "environment", "timeouts"])
def test_an_unknown_key_is_one_line(tmp_path: Path, key: str) -> None:
    path = file_with(tmp_path, table(**{key: '"x"'}))

    assert complaint(path) == f"environments.toml [dev] {key}: unknown key; allowed are {KEYS}"


def test_a_state_bucket_of_another_account_is_one_line(tmp_path: Path) -> None:
    path = file_with(tmp_path, table(state_bucket='"state-222222222222"'))

    assert complaint(path) == (
        "environments.toml [dev] state_bucket must end with the account id -111111111111, got 'state-222222222222'"
    )


def test_a_reservation_below_the_consumers_concurrency_is_one_line(tmp_path: Path) -> None:
    path = file_with(tmp_path, table(reserved_concurrency="9", workflow_concurrency="10"))

    assert complaint(path) == (
        "environments.toml [dev] reserved_concurrency must be at least workflow_concurrency (10), or the queue's"
        " consumer is throttled, got 9"
    )


def test_a_reservation_as_large_as_the_consumers_concurrency_is_allowed(tmp_path: Path) -> None:
    path = file_with(tmp_path, table(reserved_concurrency="10", workflow_concurrency="10"))

    assert load_settings(path)[0].reserved_concurrency == 10


@pytest.mark.parametrize(
    ("said", "names"),
    [('"a/b"', ["a/b"]), ('["a/b"]', ["a/b"]), ('["a/b", "a@1/c@2"]', ["a/b", "a@1/c@2"])],
)
def test_a_repository_has_one_name_or_two_while_it_is_renamed(tmp_path: Path, said: str, names: list[str]) -> None:
    settings = load_settings(file_with(tmp_path, table(github_repository=said)))[0]

    assert settings.github_repositories == names
    assert settings.permissions_boundary == "arn:aws:iam::111111111111:policy/delivery/orders-dev-boundary"


@pytest.mark.parametrize("names", [[], ["a/b", "a/c", "a/d"]])
def test_no_name_or_more_than_two_of_a_repository_are_one_line(tmp_path: Path, names: list[str]) -> None:
    path = file_with(tmp_path, table(github_repository=str(names)))

    assert complaint(path) == (
        "environments.toml [dev] github_repository must be one repository or a list of at most two, the old and the"
        f" new name of one, got {names!r}"
    )


@pytest.mark.parametrize("name", ["Dev", "d", "dev-2", "a123456789012", "9lives"])
def test_a_wrong_name_of_an_environment_is_one_line(tmp_path: Path, name: str) -> None:
    path = file_with(tmp_path, table(name))

    assert complaint(path) == (
        f"environments.toml [{name}] environment: got {name!r}, expected 2 to 12 lower-case letters and digits"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "environments.toml: no environment, expected at least one table such as [dev]"),
        (
            'region = "eu-central-1"',
            "environments.toml: region = 'eu-central-1' stands outside a table; expected [region] or to be inside one",
        ),
        ("[dev", "environments.toml: Expected ']' at the end of a table declaration (at end of document)"),
        ("[dev]\n[dev]", "environments.toml: Cannot declare ('dev',) twice (at line 2, column 5)"),
    ],
)
def test_a_file_that_holds_no_environments_is_one_line(tmp_path: Path, text: str, message: str) -> None:
    assert complaint(file_with(tmp_path, text)) == message


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "environments.toml"

    assert complaint(path) == f"environments.toml: [Errno 2] No such file or directory: '{path}'"


def test_a_file_that_is_not_text_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "environments.toml"
    path.write_bytes(b"[dev]\xff")

    assert complaint(path) == (
        "environments.toml: 'utf-8' codec can't decode byte 0xff in position 5: invalid start byte"
    )


def environment(name: str) -> Settings:
    return next(settings for settings in load_settings(ROOT / "environments.toml") if settings.environment == name)


@pytest.mark.parametrize(("said", "seconds"), [(None, 0), ("0", 0), ("20", 20), ("900", 900)])
def test_the_change_window_of_a_laptop_run_can_be_said_for_it(said: str | None, seconds: int) -> None:
    assert with_change_window(environment("local"), said).change_window_seconds == seconds


@pytest.mark.parametrize("said", ["20", "900", "nonsense"])
@pytest.mark.parametrize("name", ["dev", "staging", "prod"])
def test_an_environment_on_aws_has_the_change_window_of_the_file(name: str, said: str) -> None:
    assert with_change_window(environment(name), said) == environment(name)


@pytest.mark.parametrize("said", ["", "901", "-1", "1.5", "20s", " 20", "٢٠", "99999999999"])
def test_a_change_window_that_can_not_be_is_one_line(said: str) -> None:
    with pytest.raises(SettingsError) as refused:
        with_change_window(environment("local"), said)

    assert str(refused.value) == (f"ORDERS_CHANGE_WINDOW_SECONDS: got {said!r}, expected a whole number from 0 to 900")


@pytest.mark.parametrize(
    ("key", "value", "got"),
    [
        ("web_domain", "a.example.com", "a.example.com and no certificate"),
        (
            "web_certificate_arn",
            "arn:aws:acm:us-east-1:111111111111:certificate/1",
            "no domain and arn:aws:acm:us-east-1:111111111111:certificate/1",
        ),
    ],
)
def test_a_domain_and_its_certificate_go_together(tmp_path: Path, key: str, value: str, got: str) -> None:
    path = file_with(tmp_path, table(**{key: f'"{value}"'}))

    assert complaint(path) == f"environments.toml [dev] web_domain and web_certificate_arn go together, got {got}"


def test_the_engineers_view_is_a_laptop_runs_only(tmp_path: Path) -> None:
    path = file_with(tmp_path, table(engineer_view="true"))

    assert complaint(path) == (
        "environments.toml [dev] engineer_view: got true, expected false where custom_endpoint is false:"
        " only a laptop run has its data"
    )


@pytest.mark.parametrize("key", ["id_token_minutes", "access_token_minutes"])
def test_a_refresh_token_outlives_what_it_refreshes(tmp_path: Path, key: str) -> None:
    just_right = file_with(tmp_path, table(refresh_token_hours="2", **{key: "119"}))
    assert load_settings(just_right)[0].refresh_token_hours == 2

    path = file_with(tmp_path, table(refresh_token_hours="2", **{key: "120"}))

    times = {"id_token_minutes": 15, "access_token_minutes": 15, key: 120}
    assert complaint(path) == (
        "environments.toml [dev] refresh_token_hours must be longer than id_token_minutes and access_token_minutes,"
        f" got 2 h, {times['id_token_minutes']} min and {times['access_token_minutes']} min"
    )


@pytest.mark.parametrize(
    ("values", "warnings"),
    [
        (
            {"removal_protection": "true"},
            [
                "environments.toml [dev] alarm_emails: got nobody, so its alarms reach nobody",
                "environments.toml [dev] mail_identity_arn, mail_from: got no sender, so nobody can sign up after about"
                " 50 mails a day, where Cognito's own sender stops",
            ],
        ),
        ({"removal_protection": "true", "alarm_emails": '["a@example.com"]', **SENDER}, []),
        ({"removal_protection": "false"}, []),
    ],
)
def test_a_protected_environment_whose_alarms_reach_nobody_or_that_has_no_sender_is_a_warning(
    tmp_path: Path, values: dict[str, str], warnings: list[str]
) -> None:
    settings = load_settings(file_with(tmp_path, table(**values)))[0]

    assert settings.warnings == warnings


@pytest.mark.parametrize(
    "address", ["orders@example.com", "orders@mail.example.com", "no-reply@example.com"], ids=["in it", "below", "any"]
)
def test_an_address_in_the_domain_of_the_sender_may_send(tmp_path: Path, address: str) -> None:
    values = SENDER | {"mail_from": f'"{address}"'}

    assert load_settings(file_with(tmp_path, table(**values)))[0].mail_from == address


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"mail_from": '"a@example.com"'}, "go together, got no identity and a@example.com"),
        ({"mail_identity_arn": SENDER["mail_identity_arn"]}, "go together, got arn:aws:ses:eu-central-1:"),
        (SENDER | {"mail_from": '"a@notexample.com"'}, "or an address in its domain, got 'a@notexample.com' and"),
        (
            SENDER | {"mail_identity_arn": '"arn:aws:ses:eu-central-1:111111111111:identity/a@example.com"'},
            "mail_from must be the identity of mail_identity_arn",
        ),
    ],
)
def test_a_sender_is_an_identity_and_an_address_that_it_may_send_as(
    tmp_path: Path, values: dict[str, str], message: str
) -> None:
    assert message in complaint(file_with(tmp_path, table(**values)))
