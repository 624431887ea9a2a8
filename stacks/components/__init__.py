"""One AWS noun a file: what exists, and verbs that grant access to it."""
