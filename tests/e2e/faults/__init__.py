"""Tests that cause one fault each, and check the tables afterwards."""
