"""Logs of CloudFront's requests."""

from cdktf import TerraformProvider
from cdktf_cdktf_provider_aws.cloudwatch_log_delivery import CloudwatchLogDelivery
from cdktf_cdktf_provider_aws.cloudwatch_log_delivery_destination import (
    CloudwatchLogDeliveryDestination,
    CloudwatchLogDeliveryDestinationDeliveryDestinationConfiguration,
)
from cdktf_cdktf_provider_aws.cloudwatch_log_delivery_source import CloudwatchLogDeliverySource
from constructs import Construct

# No cookies, query strings or referrers: a customer's address may contain private data.
FIELDS = (
    *("date", "time", "x-edge-location", "x-edge-request-id", "c-ip", "cs-method", "cs-protocol", "cs(Host)"),
    *("cs-uri-stem", "cs(User-Agent)", "cs-bytes", "sc-status", "sc-bytes", "time-taken", "x-edge-result-type"),
    *("x-edge-detailed-result-type", "ssl-protocol", "ssl-cipher", "cs-protocol-version"),
)


class AccessLog(Construct):
    """The log of requests for a distribution, in a bucket that lets CloudWatch Logs write.

    CloudFront's logs are configured in us-east-1, in whichever region the bucket is (developer
    guide, "Configure standard logging (v2)").
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        distribution_arn: str,
        bucket_arn: str,
        provider: TerraformProvider,
    ) -> None:
        super().__init__(scope, id_)
        source = CloudwatchLogDeliverySource(
            self, "Source", name=name, log_type="ACCESS_LOGS", resource_arn=distribution_arn, provider=provider
        )
        bucket = CloudwatchLogDeliveryDestinationDeliveryDestinationConfiguration(destination_resource_arn=bucket_arn)
        destination = CloudwatchLogDeliveryDestination(
            self,
            "Destination",
            name=name,
            output_format="json",
            delivery_destination_configuration=[bucket],
            provider=provider,
        )
        CloudwatchLogDelivery(
            self,
            "Delivery",
            delivery_source_name=source.name,
            delivery_destination_arn=destination.arn,
            record_fields=list(FIELDS),
            provider=provider,
        )
