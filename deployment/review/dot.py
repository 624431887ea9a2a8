"""The graph in Graphviz' language."""

from collections.abc import Iterator

from deployment.review.architecture_graph import ArchitectureGraph, Edge, Node
from deployment.review.flows import OUTSIDE
from deployment.review.palette import INK, LINES, MUTED, PAPER, WASH, colour_of

FONT = "Helvetica"
GRAPH = {
    "rankdir": "LR",
    "bgcolor": PAPER,
    "fontcolor": MUTED,
    "fontname": FONT,
    "fontsize": "11",
    "nodesep": "0.3",
    "pad": "0.3",
    "ranksep": "0.8",
}
NODE = {
    "fillcolor": PAPER,
    "fontcolor": INK,
    "fontname": f"{FONT}-Bold",
    "fontsize": "13",
    "margin": "0.22,0.1",
    "penwidth": "1.4",
    "shape": "box",
    "style": "rounded,filled",
}
EDGE = {"arrowsize": "0.7", "fontcolor": MUTED, "fontname": FONT, "fontsize": "9"}


def dot(graph: ArchitectureGraph) -> str:
    """The digraph; what palette.py colours in the dark carries a class."""
    lines = [
        "digraph {",
        f"graph [{_attributes(GRAPH)}];",
        f"node [{_attributes(NODE)}];",
        f"edge [{_attributes(EDGE)}];",
        *(line for service, nodes in graph.services().items() for line in _cluster(service, nodes)),
        *(_edge(edge) for edge in graph.edges),
        "}",
    ]
    return "\n".join(lines) + "\n"


def _cluster(service: str, nodes: list[Node]) -> Iterator[str]:
    if service == OUTSIDE:
        yield from map(_node, nodes)
        return
    name = f"cluster_{service.replace(' ', '_')}"
    look = {
        "label": service,
        "labeljust": "l",
        "labelloc": "b",
        "style": "rounded,filled",
        "color": WASH,
        "fillcolor": WASH,
    }
    yield f"subgraph {name} {{"
    yield f"graph [{_attributes({**look, 'class': 'service', 'margin': '12'})}];"
    yield from map(_node, nodes)
    yield "}"


def _node(node: Node) -> str:
    look = {
        "label": "\n".join([node.label, *filter(None, [node.kind]), *(f"alarm: {name}" for name in node.alarms)]),
        "color": colour_of(node.service),
        "class": "noun",
    }
    if node.service == OUTSIDE:
        look["style"] = "rounded,filled,dashed"
    return f"{_quoted(node.id)} [{_attributes(look)}];"


def _edge(edge: Edge) -> str:
    look = {"label": edge.label, "class": edge.style, **LINES[edge.style]}
    return f"{_quoted(edge.source)} -> {_quoted(edge.target)} [{_attributes(look)}];"


def _attributes(attributes: dict[str, str]) -> str:
    return ", ".join(f"{key}={_quoted(value)}" for key, value in attributes.items())


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
