"""A function or a data source that a resolver uses is not deleted.

AWS: DeleteFunction is BadRequestException while a resolver's pipeline has the function
(hashicorp/terraform-provider-aws#15480). DeleteDataSource is it while a resolver or a function uses
the data source, and the message names the first (aws/aws-appsync-community#28; its wording is in
aws-samples/aws-cdk-examples#698, the one for functions is not documented).
MiniStack: deletes both, and leaves resolvers that fail.
"""

from collections.abc import Iterator
from typing import Any

from ministack.core.responses import error_response_json
from ministack.services import appsync

from emulator.ministack.repairs.patching import AnyCallable, RepairContext, replace


def apply(_context: RepairContext) -> None:
    """Refuse to delete what is in use."""
    replace(appsync, "_delete_function", _unless_a_pipeline_has_it)
    replace(appsync, "_delete_data_source", _unless_something_uses_it)


def _unless_a_pipeline_has_it(delete: AnyCallable) -> AnyCallable:
    def deleted(api_id: str, function_id: str) -> Any:
        for type_name, field_name, resolver in _resolvers(api_id):
            if function_id in ((resolver.get("pipelineConfig") or {}).get("functions") or ()):
                return _refusal(f"Resolver for type {type_name} and field {field_name} associated with function")
        return delete(api_id, function_id)

    return deleted


def _unless_something_uses_it(delete: AnyCallable) -> AnyCallable:
    def deleted(api_id: str, name: str) -> Any:
        for type_name, field_name, resolver in _resolvers(api_id):
            if resolver.get("dataSourceName") == name:
                return _refusal(f"Resolver for type {type_name} and field {field_name} associated with data source")
        for function in appsync._functions.get(api_id, {}).values():
            if function.get("dataSourceName") == name:
                return _refusal(f"Function {function['name']} associated with data source")
        return delete(api_id, name)

    return deleted


def _resolvers(api_id: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for type_name, fields in appsync._resolvers.get(api_id, {}).items():
        for field_name, resolver in fields.items():
            yield type_name, field_name, resolver


def _refusal(message: str) -> Any:
    return error_response_json("BadRequestException", message, 400)
