"""The only entrance to the emulator: it checks callers, signatures and bodies."""
