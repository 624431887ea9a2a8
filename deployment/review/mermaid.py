"""The graph as a Mermaid flowchart, which GitHub and others draw inside Markdown."""

from collections.abc import Iterator

from deployment.review.architecture_graph import ArchitectureGraph, Edge, Node
from deployment.review.flows import OUTSIDE
from deployment.review.palette import colour_of

ARROWS = {"event": "==>", "grant": "-->", "reference": "-.->"}


def mermaid(graph: ArchitectureGraph) -> str:
    """A flowchart with a subgraph for each service."""
    lines = ["flowchart LR"]
    for service, nodes in graph.services().items():
        lines += [f"  {_node(node)}" for node in nodes] if service == OUTSIDE else _service(service, nodes)
    lines += [f"  {_edge(edge)}" for edge in graph.edges]
    for service, nodes in graph.services().items():
        name = _id(service)
        lines.append(f"  classDef {name} stroke:{colour_of(service)},stroke-width:2px")
        lines.append(f"  class {','.join(node.id for node in nodes)} {name}")
    return "\n".join(lines) + "\n"


def _service(service: str, nodes: list[Node]) -> Iterator[str]:
    yield f'  subgraph {_id(service)}_service["{service}"]'
    yield from (f"    {_node(node)}" for node in nodes)
    yield "  end"


def _node(node: Node) -> str:
    small = [*filter(None, [node.kind]), *(f"alarm: {name}" for name in node.alarms)]
    return f'{node.id}("{"<br/>".join([f"<b>{_text(node.label)}</b>", *map(_text, small)])}")'


def _edge(edge: Edge) -> str:
    label = f'|"{_text(edge.label)}"| ' if edge.label else ""
    return f"{edge.source} {ARROWS[edge.style]} {label}{edge.target}"


def _id(service: str) -> str:
    return service.replace(" ", "")


def _text(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
