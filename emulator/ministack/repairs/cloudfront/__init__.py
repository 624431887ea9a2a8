"""Repairs of CloudFront."""

from emulator.ministack.repairs.cloudfront import header_blocks, missing_objects, node
