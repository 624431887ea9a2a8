"""The bucket and the key of an environment's state."""
