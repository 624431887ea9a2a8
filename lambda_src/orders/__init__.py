"""The order system's own code: what runs inside its Lambda functions."""
