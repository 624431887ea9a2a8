"""Keeping what the emulator holds over a stop."""
