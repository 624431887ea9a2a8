"""The costs of an order on AWS: what one order uses on the local run, times list prices."""
