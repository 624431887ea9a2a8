"""Data sources: what a resolver's request becomes, and what comes back."""
