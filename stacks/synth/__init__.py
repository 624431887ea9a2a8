"""Tools for every stack: rendering, packaging, lazy bindings, the base stack."""
