"""Permissions, read from policies in every form that IAM accepts."""

import json

from deployment.review.permission_list import permission_page, permission_text
from tests.unit.support.review_documents import allow, grant, policy, resource, role, stack

TABLE = "arn:aws:dynamodb:eu-central-1:111111111111:table/orders-dev-orders"


def test_a_role_says_who_assumes_it_and_what_it_may() -> None:
    found = permission_text(
        stack(
            role("sweep/Role", "orders-dev-sweep"),
            grant("sweep/Role/use", "sweep_Role", allow("b:B", "a:A", on=[TABLE])),
        )
    )

    assert found == (
        "role orders-dev-sweep\n"
        "    is assumed by lambda.amazonaws.com\n"
        f"    may a:A on {TABLE}\n"
        f"    may b:B on {TABLE}\n"
    )


def test_single_texts_stand_for_lists() -> None:
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    document = json.dumps({"Statement": statement})
    found = permission_text(
        stack(
            role("r", "x"), resource("iam_role_policy", "r/p", name="p", role="${aws_iam_role.r.name}", policy=document)
        )
    )

    assert "    may s3:GetObject on *\n" in found


def test_all_but_is_said() -> None:
    statement = {"Effect": "Deny", "NotAction": ["sts:*"], "NotResource": ["a", "b"], "Principal": {"AWS": "*"}}
    found = permission_text(stack(resource("sqs_queue", "placed", name="placed", policy=policy(statement))))

    assert found == "queue placed\n    anybody must not all but sts:* on all but a, b\n"


def test_a_trust_says_its_action_and_conditions_where_they_are_special() -> None:
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": "${aws_iam_openid_connect_provider.github.arn}"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {"token:aud": "sts.amazonaws.com", "token:sub": ["a", "b"]}},
    }
    found = permission_text(
        stack(
            role("plan", "plan", assume_role_policy=policy(statement)),
            resource("iam_openid_connect_provider", "github", url="https://token.example"),
        )
    )

    assert found == (
        "role plan\n    is assumed by {github.arn} through sts:AssumeRoleWithWebIdentity"
        " if token:aud StringEquals sts.amazonaws.com and token:sub StringEquals a or b\n"
    )


def test_boundaries_and_managed_policies_are_said() -> None:
    found = permission_text(
        stack(
            role("r", "x", permissions_boundary="${aws_iam_policy.limit.arn}", managed_policy_arns=["arn:one"]),
            resource("iam_policy", "limit", name="limit", policy=policy(allow("s3:*", on="*"))),
            resource("iam_role_policy_attachment", "more", role="${aws_iam_role.r.name}", policy_arn="arn:two"),
        )
    )

    assert found == (
        "role x\n    is assumed by lambda.amazonaws.com\n    is bounded by {limit.arn}\n"
        "    has the policy arn:one\n    has the policy arn:two\n\n"
        "policy limit\n    may s3:* on *\n"
    )


def test_a_policy_goes_by_the_name_of_what_it_protects() -> None:
    statement = allow("kms:*", on="*", Principal={"AWS": "arn:root"})
    found = permission_text(
        stack(
            resource("s3_bucket", "state", bucket="the-bucket"),
            resource(
                "s3_bucket_policy", "state/Policy", bucket="${aws_s3_bucket.state.bucket}", policy=policy(statement)
            ),
            resource("kms_key", "key", policy=policy(statement)),
            resource("kms_alias", "key/Alias", name="alias/state", target_key_id="${aws_kms_key.key.key_id}"),
        )
    )

    assert [line for line in found.splitlines() if line and not line.startswith(" ")] == [
        "bucket the-bucket",
        "key alias/state",
    ]


def test_the_page_gathers_the_actions_on_one_resource() -> None:
    page = list(
        permission_page(stack(role("r", "x"), grant("r/p", "r", allow("a:A", "b:B", on=[TABLE]), allow("c:C", on="*"))))
    )

    assert page[0] == "### x (role)"
    assert page[4:] == [
        "| is assumed by | `lambda.amazonaws.com` |  |  |",
        f"| may | `a:A`<br>`b:B` | `{TABLE}` |  |",
        "| may | `c:C` | `*` |  |",
        "",
    ]
