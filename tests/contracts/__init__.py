"""Contract tests that every implementation of a port must pass, fake or adapter.

A test class inherits a contract and provides the implementation.
"""
