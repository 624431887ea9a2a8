"""What every stack is made with: rendering, packaging, lazy bindings, the base stack."""
