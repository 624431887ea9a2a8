"""Permissions for the log of the page's requests, which CloudFront has in us-east-1, and CloudWatch Logs delivers."""

from environments.names import arn
from stacks.components.firewall import EDGE_REGION
from stacks.delivery.scope import Scope, actions
from stacks.iam import Statement, allow


def reading_access_log(scope: Scope) -> list[Statement]:
    """Reading where the log comes from, and where it goes."""
    return [
        allow(
            actions("logs", "GetDelivery GetDeliveryDestination GetDeliverySource ListTagsForResource"),
            resources=_delivering(scope),
        )
    ]


def writing_access_log(scope: Scope) -> list[Statement]:
    """Making, changing and ending the delivery; never the log itself, whose bucket is an administrator's."""
    return [
        allow(
            [
                *actions("logs", "CreateDelivery DeleteDelivery DeleteDeliveryDestination DeleteDeliverySource"),
                *actions("logs", "PutDeliveryDestination PutDeliverySource TagResource UntagResource"),
                "logs:UpdateDeliveryConfiguration",
            ],
            resources=_delivering(scope),
        ),
        allow(["cloudfront:AllowVendedLogDeliveryForResource"], resources=[scope.edge("distribution/*")]),
    ]


def limiting_access_log(scope: Scope) -> list[Statement]:
    """Return what a deployment may do with it at most."""
    anything = arn("logs", "delivery*", account_id=scope.settings.account_id, region=EDGE_REGION)
    return [allow(["logs:*"], resources=[anything])]


def _delivering(scope: Scope) -> list[str]:
    """Source and destination by the environment's names; AWS makes up the id of what joins them."""
    kinds = (f"delivery-source:{scope.names}", f"delivery-destination:{scope.names}", "delivery:*")
    return [arn("logs", kind, account_id=scope.settings.account_id, region=EDGE_REGION) for kind in kinds]
