"""Tools of every stack: rendering, packaging, lazy bindings, the base stack."""
