"""What differs between environments, what everything is called, and what AWS allows: the standard library only."""
