"""The commands of the person on call, for any environment: `python -m operations --env dev …`, or `make ops`."""
