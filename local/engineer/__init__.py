"""Endpoints with what the engineer's view shows of the local run."""
