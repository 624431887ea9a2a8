"""The architecture as a graph: nodes are what a person would name, edges what flows or what may be done."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from deployment.review.drawn_resources import DRAWN_TYPES, DrawnResources
from deployment.review.flows import OUTSIDE, Flow, alarms, events, grants, references
from deployment.review.synthesized_stack import Resource, SynthesizedStack


@dataclass(frozen=True, order=True)
class Node:
    """One drawn resource; `id` is unique in the graph."""

    service: str
    id: str
    label: str
    kind: str
    alarms: tuple[str, ...] = ()


@dataclass(frozen=True, order=True)
class Edge:
    """From one node's id to another's; the style is one of flows.STYLES."""

    source: str
    target: str
    label: str
    style: str


@dataclass(frozen=True)
class ArchitectureGraph:
    """Nodes by service and id, edges by their ends."""

    nodes: list[Node]
    edges: list[Edge]

    def services(self) -> dict[str, list[Node]]:
        """The nodes of each service."""
        found: dict[str, list[Node]] = {}
        for node in self.nodes:
            found.setdefault(node.service, []).append(node)
        return found


def build_graph(stacks: Iterable[SynthesizedStack]) -> ArchitectureGraph:
    """One graph of all the stacks."""
    nodes: set[Node] = set()
    edges: set[Edge] = set()
    for stack in stacks:
        drawn = DrawnResources(stack)
        watched = alarms(drawn)
        nodes |= {_node(stack, one, watched.get(one.address, ())) for one in drawn.resources}
        for flow in _flows(drawn):
            nodes |= {_node(stack, end) for end in (flow.source, flow.target) if isinstance(end, str)}
            edges.add(Edge(_id(stack, flow.source), _id(stack, flow.target), flow.label, flow.style))
    return ArchitectureGraph(sorted(nodes), sorted(edges))


def _flows(drawn: DrawnResources) -> Iterator[Flow]:
    """Put what happens first; a permission or a mention between the same two would say it again."""
    said: set[frozenset[str]] = set()
    for flows in (events(drawn), grants(drawn), references(drawn)):
        fresh = [flow for flow in flows if flow.ends not in said and len(flow.ends) == 2]
        said |= {flow.ends for flow in fresh}
        yield from fresh


def _node(stack: SynthesizedStack, end: Resource | str, alarms: Iterable[str] = ()) -> Node:
    if isinstance(end, str):
        return Node(OUTSIDE, _id(stack, end), end, "")
    noun = DRAWN_TYPES[end.type]
    name = re.sub(r"-[0-9]{12}$", "", re.sub(rf"^(alias/|https://|{re.escape(stack.name)}-)", "", stack.name_of(end)))
    return Node(noun.service, _id(stack, end), name, noun.kind, tuple(sorted(alarms)))


def _id(stack: SynthesizedStack, end: Resource | str) -> str:
    return re.sub(r"\W", "_", f"outside_{end}" if isinstance(end, str) else f"{stack.name}_{end.id}")
