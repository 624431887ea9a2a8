"""The local run: emulator, deployment, AppSync data plane, demo and sample data."""
