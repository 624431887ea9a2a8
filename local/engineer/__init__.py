"""What the engineer's view shows of the local run."""
