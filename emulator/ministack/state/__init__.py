"""Saving the emulator's state over a restart."""
