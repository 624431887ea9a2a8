"""Requests made to keep a server busy. Their work grows faster than their text."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.emulator.support.data_plane import deployment

SDL = """
interface Named { name: String  next: Named }
type Red implements Named { name: String  next: Named  red: Node }
type Blue implements Named { name: String  next: Named  blue: Node }
type Node { id: String!  text: String  next: Node  must: Node!  nodes: [Node!]!  named: Named  all: Int  json: AWSJSON }
input Pick { one: Int  two: [Int!]  pick: Pick }
type Query {
  node(id: String, on: [Int!], pick: Pick): Node
  nodes(id: String): [Node!]!
  say(text: String, on: [Int!], json: AWSJSON): String
  json(json: AWSJSON, on: [Int!]): AWSJSON
  named: Named
}
type Mutation { make(id: String): Node  mark: String }
type Subscription { onNode(id: String): Node @aws_subscribe(mutations: ["make"]) }
schema { query: Query mutation: Mutation subscription: Subscription }
"""
# The resolvers always answer with 100 nodes, each with 10 nodes below it, on three levels.
_BELOW = "nodes: [0,1,2,3,4,5,6,7,8,9].map((i) => ({ id: 'n' + i, nodes: [{ id: 'm' }] }))"
_NODE = "{ id: 'a', text: 'b', next: { id: 'c', next: { id: 'd' } }, named: { __typename: 'Red', name: 'r' }, BELOW }"
NODE = "export function request() { return {} }\nexport function response() { return NODE }"
NODE = NODE.replace("NODE", _NODE.replace("BELOW", _BELOW))
NODES = NODE.replace("return {", "const one = {").replace("const one = {} }", "return {} }", 1)
NODES = NODES.removesuffix("}") + "; const all = []; for (const i of '0123456789') {"
NODES += " for (const j of '0123456789') { all.push(one); } } return all; }"
RESOLVERS = {
    "Query.node": NODE,
    "Query.nodes": NODES,
    "Query.say": "export function request() { return {} }\nexport function response(ctx) { return ctx.args.text }",
    "Query.json": "export function request(ctx) { return {} }\nexport function response(ctx) { return ctx.args.json }",
    "Mutation.make": NODE,
    "Mutation.mark": "export function request() { return {} }\nexport function response() { return 'x' }",
}
DEPLOYED = deployment(SDL, RESOLVERS)


@dataclass(frozen=True)
class Hostile:
    """A request that is just large enough to be refused, or to be costly."""

    query: str
    variables: dict[str, Any] = field(default_factory=dict)
    operation_name: str | None = None

    @property
    def body(self) -> dict[str, Any]:
        """The request as clients send it."""
        return {"query": self.query, "variables": self.variables, "operationName": self.operation_name}


def many(number: int, text: Callable[[int], str]) -> str:
    return " ".join(text(i) for i in range(number))


def doubled(spreads: str, number: int, type_name: str = "Query", last: str = "__typename") -> str:
    """Return fragments that each spread the next one twice."""
    fragments = many(number, lambda i: f"fragment F{i} on {type_name} {{ {spreads.replace('NEXT', f'...F{i + 1}')} }}")
    return f"{fragments} fragment F{number} on {type_name} {{ {last} }}"


def _requests() -> dict[str, Hostile]:
    introspect = "__schema { types { ...T } } } fragment T on __Type { fields { type "
    return {
        "fragments that spread the next one twice": Hostile("{ ...F0 } " + doubled("NEXT NEXT", 23)),
        "as many as fit": Hostile("{ ...F0 } " + doubled("NEXT NEXT", 125)),
        "the same below one field": Hostile(
            "{ node { ...F0 } } " + doubled("next { NEXT } next { NEXT }", 23, "Node", "id")
        ),
        "the same below aliases": Hostile(
            "{ node { ...F0 } } " + doubled("a: next { NEXT } b: next { NEXT }", 23, "Node", "id")
        ),
        "the same below few aliases": Hostile(
            "{ node { ...F0 } } " + doubled("a: next { NEXT } b: next { NEXT }", 10, "Node", "id")
        ),
        "the same in introspection": Hostile("{ __schema { ...F0 } } " + doubled("NEXT NEXT", 23, "__Schema")),
        "the same in a mutation": Hostile("mutation { make { ...F0 } } " + doubled("NEXT NEXT", 23, "Node", "id")),
        "one inline fragment in another": Hostile("{" + "...{" * 120 + "__typename" + "}" * 121),
        "fragments that spread all others": Hostile(
            "{ ...F0 } " + many(24, lambda i: f"fragment F{i} on Query {{ {many(24, lambda j: f'...F{j}')} }}")
        ),
        "a long ring of fragments": Hostile(
            "{ ...F0 } " + many(160, lambda i: f"fragment F{i} on Query {{ ...F{(i + 1) % 160} }}")
        ),
        "fragments side by side": Hostile(
            "{"
            + many(160, lambda i: f"...F{i}")
            + "}"
            + many(160, lambda i: f"fragment F{i} on Query {{ __typename }}")
        ),
        "aliases of nothing": Hostile("{" + many(1500, lambda i: f"a{i}: __typename") + "}"),
        "aliases of nothing that fit": Hostile("{" + many(490, lambda i: f"a{i}: __typename") + "}"),
        "aliases of resolvers": Hostile("{" + many(1500, lambda i: f"a{i}: node {{ id }}") + "}"),
        "aliases of resolvers that fit": Hostile("{" + many(245, lambda i: f"a{i}: node {{ id }}") + "}"),
        "aliases of a mutation": Hostile("mutation {" + many(150, lambda i: f"a{i}: make {{ id }}") + "}"),
        "aliases of a mutation that fit": Hostile("mutation {" + many(490, lambda i: f"a{i}: mark") + "}"),
        "aliases of what is not there": Hostile("{" + many(490, lambda i: f"a{i}: absent") + "}"),
        "aliases in a list": Hostile("{ nodes {" + many(490, lambda i: f"a{i}: id") + "} }"),
        "aliases in lists in a list": Hostile(
            "{ nodes { nodes { nodes {" + many(300, lambda i: f"a{i}: id") + "} } } }"
        ),
        "aliases times aliases": Hostile(
            "{"
            + many(80, lambda i: f"a{i}: nodes {{ ...F }}")
            + "} fragment F on Node {"
            + many(250, lambda i: f"b{i}: id")
            + "}"
        ),
        "errors in a list": Hostile("{ nodes {" + many(240, lambda i: f"a{i}: must {{ id }}") + "} }"),
        "errors in a list, each field many times": Hostile("{ nodes {" + "all " * 1400 + "next { must { id } } } }"),
        "one field again and again": Hostile("{" + "__typename " * 1400 + "}"),
        "one resolver again and again": Hostile("{" + 'node(id: "1") { id } ' * 160 + "}"),
        "one field, always other arguments": Hostile("{" + many(160, lambda i: f'node(id: "{i}") {{ id }}') + "}"),
        "one field with long arguments": Hostile("{" + ("node(on: [" + "1 " * 60 + "]) { id } ") * 20 + "}"),
        "one field below one field": Hostile("{" + "node { next { next { id } } } " * 130 + "}"),
        "fields on interfaces": Hostile(
            "{ named { ...F0 } } " + doubled("next { ... on Red { NEXT } ... on Blue { NEXT } }", 58, "Named", "name")
        ),
        "operations": Hostile(many(290, lambda i: f"query Q{i} {{ __typename }}"), operation_name="Q0"),
        "operations that share fragments": Hostile(
            many(110, lambda i: f"query Q{i} {{ ...F0 }}") + doubled("NEXT", 80), operation_name="Q0"
        ),
        "operations that share fields": Hostile(
            many(110, lambda i: f"query Q{i} {{ ...F }}")
            + "fragment F on Query {"
            + many(250, lambda i: f"a{i}: __typename")
            + "}",
            operation_name="Q0",
        ),
        "operations of one name": Hostile("query Q { __typename } " * 290),
        "variables": Hostile("query(" + many(360, lambda i: f"$v{i}: Int") + ") { __typename }"),
        "variables that are used": Hostile(
            "query("
            + many(100, lambda i: f"$v{i}: String")
            + ") {"
            + many(100, lambda i: f"a{i}: say(text: $v{i})")
            + "}"
        ),
        "variables and operations": Hostile(
            many(50, lambda i: f"query Q{i}($a: String) {{ ...F }}")
            + "fragment F on Query {"
            + many(80, lambda i: f"a{i}: say(text: $a)")
            + "}",
            operation_name="Q0",
        ),
        "directives": Hostile("{ __typename " + "@skip(if: false) " * 200 + "}"),
        "unknown directives": Hostile("{ __typename " + many(740, lambda i: f"@d{i}") + "}"),
        "directives everywhere": Hostile("{" + many(140, lambda i: f"a{i}: __typename @include(if: true)") + "}"),
        "nested fields": Hostile("{ node " + "{ next " * 300 + "{ id" + "}" * 302),
        "nested fields by fragments": Hostile("{ node { ...F0 } } " + doubled("next { NEXT }", 130, "Node", "id")),
        "nested lists": Hostile("{ say(on: " + "[" * 600 + "]" * 600 + ") }"),
        "nested lists that fit": Hostile("{ say(on: " + "[" * 150 + "]" * 150 + ") }"),
        "nested objects": Hostile("{ node(pick: " + "{pick: " * 200 + "{}" + "}" * 200 + ") { id } }"),
        "nested types": Hostile("query($on: " + "[" * 700 + "Int" + "]" * 700 + ") { say(on: $on) }"),
        "nested types that can be parsed": Hostile("query($on: " + "[" * 500 + "Int" + "]" * 500 + ") { __typename }"),
        "nested defaults": Hostile("query($on: [Int!] = " + "[" * 500 + "]" * 500 + ") { say(on: $on) }"),
        "a long list": Hostile("{ node(on: [" + "1 " * 1400 + "]) { id } }"),
        "a long wrong list": Hostile("{ node(on: [" + '"1" ' * 1400 + "]) { id } }"),
        "an object with many fields": Hostile("{ node(pick: {" + many(480, lambda i: f"f{i}: 1") + "}) { id } }"),
        "introspection in introspection": Hostile("{ " + introspect + "{ fields { type " * 12 + "{ name" + "}" * 29),
        "introspection with aliases": Hostile(
            "{ __schema {"
            + many(100, lambda i: f"a{i}: types {{ ...T }}")
            + "} } fragment T on __Type {"
            + many(80, lambda i: f"b{i}: fields {{ name }}")
            + "}"
        ),
        "lines": Hostile("{" + "\n" * 40_000 + many(400, lambda i: f"a{i}: absent") + "}"),
        "lines before what fails": Hostile(
            "{" + "\n" * 40_000 + many(140, lambda i: f"a{i}: node {{ must {{ id }} }}") + "}"
        ),
        "a long text": Hostile('{ say(text: "' + "x" * 1_000_000 + '") }'),
        "a long text that fits": Hostile('{ say(text: "' + "x" * 49_000 + '") }'),
        "a long block text": Hostile('{ say(text: """' + "x\n " * 16_000 + '""") }'),
        "a long comment": Hostile("#" + "x" * 49_000 + "\n{ __typename }"),
        "comments": Hostile("#\n" * 24_000 + "{ __typename }"),
        "commas": Hostile("{" + "," * 49_000 + "__typename }"),
        "a long alias in a list": Hostile("{ nodes { nodes { " + "a" * 45_000 + ": id } } }"),
        "a long alias around many fields": Hostile(
            "{ " + "a" * 45_000 + ": node {" + many(300, lambda i: f"b{i}: id") + "} }"
        ),
        "many values in a variable": Hostile("query($on: [Int!]) { say(on: $on) }", {"on": [1] * 300_000}),
        "as many values as fit": Hostile("query($on: [Int!]) { say(on: $on) }", {"on": [1] * 4900}),
        "wrong values in a variable": Hostile("query($on: [Int!]) { say(on: $on) }", {"on": ["1"] * 4900}),
        "many values in AWSJSON": Hostile(
            "query($j: AWSJSON) {" + many(100, lambda i: f"a{i}: json(json: $j)") + "}", {"j": f"[{'1,' * 400_000}1]"}
        ),
        "nested AWSJSON": Hostile("query($j: AWSJSON) { json(json: $j) }", {"j": "[" * 100_000}),
        "nested AWSJSON that can be parsed": Hostile(
            "query($j: AWSJSON) { json(json: $j) }", {"j": "[" * 500 + "]" * 500}
        ),
        "a long variable": Hostile("query($t: String) { say(text: $t) }", {"t": "x" * 1_000_000}),
        "a long variable, said again and again": Hostile(
            "query($t: String) {" + many(150, lambda i: f"a{i}: say(text: $t)") + "}", {"t": "x" * 100_000}
        ),
        "nested variables": Hostile("query($p: Pick) { node(pick: $p) { id } }", {"p": nested(300)}),
    }


def nested(levels: int) -> Any:
    """Return an input object in an input object, and so on."""
    value: Any = {}
    for _ in range(levels):
        value = {"pick": value}
    return value


REQUESTS = _requests()
SUBSCRIPTIONS = {
    "fragments below a subscription": Hostile(
        "subscription { onNode { ...F0 } } " + doubled("NEXT NEXT", 23, "Node", "id")
    ),
    "fields below a subscription": Hostile(
        "subscription { onNode { ...F0 } } " + doubled("next { NEXT } next { NEXT }", 23, "Node", "id")
    ),
    "aliases below a subscription": Hostile("subscription { onNode {" + many(490, lambda i: f"a{i}: id") + "} }"),
    "aliases in a list of a subscription": Hostile(
        "subscription { onNode { nodes {" + many(90, lambda i: f"a{i}: id") + "} } }"
    ),
    "more aliases than an answer has fields": Hostile(
        "subscription { onNode {"
        + many(20, lambda i: f"a{i}: nodes {{ ...F }}")
        + "} } fragment F on Node {"
        + many(200, lambda i: f"b{i}: id")
        + "}"
    ),
    "errors in a list of a subscription": Hostile(
        "subscription { onNode { nodes {" + many(200, lambda i: f"a{i}: next {{ must {{ id }} }}") + "} } }"
    ),
}
