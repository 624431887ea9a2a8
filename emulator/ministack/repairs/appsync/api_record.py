"""An API's record says where this server serves it, and keeps what an update says.

AWS: `uris` of a GraphqlApi name the endpoints to call, REALTIME one for WebSockets; UpdateGraphqlApi sets
introspection, query depth and resolver count limits as CreateGraphqlApi does (AppSync API reference).
MiniStack: `uris` name hosts of amazonaws.com that never heard of the API, and an update of those three is dropped, so
the next plan wants it again.
"""

import functools
import json
from typing import Any

from ministack.services import appsync

from emulator.ministack.repairs.patching import AnyCallable, RepairContext, replace

LIMITS = ("introspectionConfig", "queryDepthLimit", "resolverCountLimit")


def apply(context: RepairContext) -> None:
    """Correct the record when it is made and when it is updated."""

    def located(create: AnyCallable) -> AnyCallable:
        @functools.wraps(create)
        def created(body: dict[str, Any]) -> Any:
            answer = create(body)
            if answer[0] != 200:
                return answer
            api_id = json.loads(answer[2])["graphqlApi"]["apiId"]
            graphql_url = f"{context.endpoint_url}/appsync/{api_id}/graphql"
            realtime_url = f"{graphql_url.replace('http', 'ws', 1)}/realtime"
            appsync._apis[api_id]["uris"] = {"GRAPHQL": graphql_url, "REALTIME": realtime_url}
            return appsync._get_graphql_api(api_id)

        return created

    replace(appsync, "_create_graphql_api", located)
    replace(appsync, "_update_graphql_api", _keeping_limits)


def _keeping_limits(update: AnyCallable) -> AnyCallable:
    @functools.wraps(update)
    def updated(api_id: str, body: dict[str, Any]) -> Any:
        answer = update(api_id, body)
        if answer[0] != 200:
            return answer
        appsync._apis[api_id] |= {name: body[name] for name in LIMITS if name in body}
        return appsync._get_graphql_api(api_id)

    return updated
