"""Functions of CloudFront run on the Node.js that the emulator is given.

AWS: runs them on a runtime of its own, whatever the machine of the viewer or the developer has.
MiniStack: runs the `node` that PATH finds; without one every page is answered with 503, and an old one may not know
what the function is written in.
"""

from ministack.core import node_pool

from emulator.ministack.repairs.patching import RepairContext


def apply(context: RepairContext) -> None:
    """Name the Node.js to use."""
    if node_pool._NODE_BINARY != "node":
        raise AttributeError(f"node_pool._NODE_BINARY is {node_pool._NODE_BINARY!r}, not 'node': is it still needed?")
    node_pool._NODE_BINARY = str(context.node)
