"""A stand-in for AWS on loopback, without an account and without Docker."""
