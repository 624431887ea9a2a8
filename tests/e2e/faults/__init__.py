"""Faults, one after the other, and what the tables say afterwards."""
