"""The variables with which Node.js would load something else, wait for a debugger, build another page or print more.

Editors export the first. With the last, Node.js doesn't start under a proxy that it can't read; npm finds its proxy by
itself. How Node.js trusts servers stays the user's (`NODE_EXTRA_CA_CERTS` and others).
The Makefile and `.ci/node_variables` have the same names, for what starts without Python.
"""

import os

# By whom they are heeded: Node.js, the libraries in it, a parent that is Node.js too.
OF_NODE = (
    "NODE_OPTIONS",
    "NODE_PATH",
    "NODE_PRESERVE_SYMLINKS",
    "NODE_PRESERVE_SYMLINKS_MAIN",
    "NODE_ICU_DATA",
    "NODE_DEBUG",
    "NODE_DEBUG_NATIVE",
    "NODE_PENDING_DEPRECATION",
    "NODE_REDIRECT_WARNINGS",
    "NODE_V8_COVERAGE",
    "NODE_TEST_CONTEXT",
    "NODE_ENV",
    "NODE_CHANNEL_FD",
    "NODE_CHANNEL_SERIALIZATION_MODE",
    "NODE_UNIQUE_ID",
    "NODE_USE_ENV_PROXY",
)


def drop_variables_of_node() -> None:
    """Take them out of this process's environment, so that no program inherits them."""
    for name in OF_NODE:
        os.environ.pop(name, None)
