"""A small AppSync data plane: it executes the APIs that the AppSync control plane has deployed."""
