"""What the person on call does, on any environment: `python -m operations --env dev …`, or `make ops`."""
