"""A small AppSync data plane: it executes what the AppSync control plane says was deployed."""
