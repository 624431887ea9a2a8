"""Repairs of AppSync."""

from emulator.ministack.repairs.appsync import api_record, code_and_pipelines, deletion_of_used_parts
