"""Permissions for the log of the page's requests.

CloudFront has it in us-east-1, and CloudWatch Logs delivers it.
"""

from environments.names import arn, bucket_arn
from stacks.components.firewall import EDGE_REGION
from stacks.delivery.environment_resources import Scope, actions
from stacks.iam import Statement, allow

DESTINATION = "delivery-destination"


def read_access_log(scope: Scope) -> list[Statement]:
    """Return the permissions to read the log's source and its destination."""
    return [
        allow(
            actions("logs", "GetDelivery GetDeliveryDestination GetDeliverySource ListTagsForResource"),
            resources=[*_ends_of_deliveries(scope), *_deliveries(scope)],
        )
    ]


def write_access_log(scope: Scope) -> list[Statement]:
    """Return the permissions to create, change and end the delivery of the log.

    The log itself is in an administrator's bucket, which they don't cover.
    """
    named, deliveries = _ends_of_deliveries(scope), _deliveries(scope)
    return [
        allow(
            [
                *actions("logs", "CreateDelivery DeleteDeliveryDestination DeleteDeliverySource"),
                *actions("logs", "PutDeliverySource TagResource UntagResource UpdateDeliveryConfiguration"),
            ],
            resources=named,
        ),
        # A destination elsewhere would take the log away, and show it to somebody else.
        allow(
            ["logs:PutDeliveryDestination"],
            resources=[_end(scope, DESTINATION)],
            conditions={
                "ArnEquals": {"logs:DeliveryDestinationResourceArn": bucket_arn(scope.settings.names.access_logs)}
            },
        ),
        allow(["logs:CreateDelivery"], resources=deliveries, conditions=scope.if_tagged("aws:RequestTag")),
        allow(["logs:TagResource"], resources=deliveries, conditions=scope.if_tagging()),
        allow(
            actions("logs", "DeleteDelivery UntagResource UpdateDeliveryConfiguration"),
            resources=deliveries,
            conditions=scope.if_tagged("aws:ResourceTag"),
        ),
        allow(
            ["cloudfront:AllowVendedLogDeliveryForResource"],
            resources=[scope.cloudfront_arn("distribution/*")],
            conditions=scope.if_tagged("aws:ResourceTag"),
        ),
    ]


def access_log_limit(scope: Scope) -> list[Statement]:
    """Return the most that a deployment may do with the log's delivery."""
    return [allow(["logs:*"], resources=[_arn(scope, "delivery*")])]


def _ends_of_deliveries(scope: Scope) -> list[str]:
    """Return the ARNs of sources and destinations with the environment's names."""
    return [_end(scope, kind) for kind in ("delivery-source", DESTINATION)]


def _end(scope: Scope, kind: str) -> str:
    return _arn(scope, f"{kind}:{scope.names}")


def _deliveries(scope: Scope) -> list[str]:
    """Return the ARNs of all deliveries. AWS chooses the id of each, which joins the two ends."""
    return [_arn(scope, "delivery:*")]


def _arn(scope: Scope, resource: str) -> str:
    return arn("logs", resource, account_id=scope.settings.account_id, region=EDGE_REGION)
