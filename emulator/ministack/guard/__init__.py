"""The only door to the emulator: who may call it, with what signature and what body."""
