"""Measures how fast the system is, each figure against something else in the same run."""
