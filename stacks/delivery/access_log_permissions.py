"""Permissions for the log of the page's requests.

CloudFront has it in us-east-1, and CloudWatch Logs delivers it.
"""

from environments.names import arn
from stacks.components.firewall import EDGE_REGION
from stacks.delivery.environment_resources import Scope, actions
from stacks.iam import Statement, allow


def read_access_log(scope: Scope) -> list[Statement]:
    """Return the permissions to read the log's source and its destination."""
    return [
        allow(
            actions("logs", "GetDelivery GetDeliveryDestination GetDeliverySource ListTagsForResource"),
            resources=_delivery_arns(scope),
        )
    ]


def write_access_log(scope: Scope) -> list[Statement]:
    """Return the permissions to create, change and end the delivery of the log.

    The log itself is in an administrator's bucket, which they don't cover.
    """
    return [
        allow(
            [
                *actions("logs", "CreateDelivery DeleteDelivery DeleteDeliveryDestination DeleteDeliverySource"),
                *actions("logs", "PutDeliveryDestination PutDeliverySource TagResource UntagResource"),
                "logs:UpdateDeliveryConfiguration",
            ],
            resources=_delivery_arns(scope),
        ),
        allow(["cloudfront:AllowVendedLogDeliveryForResource"], resources=[scope.cloudfront_arn("distribution/*")]),
    ]


def access_log_limit(scope: Scope) -> list[Statement]:
    """Return the most that a deployment may do with the log's delivery."""
    anything = arn("logs", "delivery*", account_id=scope.settings.account_id, region=EDGE_REGION)
    return [allow(["logs:*"], resources=[anything])]


def _delivery_arns(scope: Scope) -> list[str]:
    """Return the ARNs of sources and destinations with the environment's names, and of deliveries.

    AWS chooses the id of a delivery, which joins the two.
    """
    kinds = (f"delivery-source:{scope.names}", f"delivery-destination:{scope.names}", "delivery:*")
    return [arn("logs", kind, account_id=scope.settings.account_id, region=EDGE_REGION) for kind in kinds]
