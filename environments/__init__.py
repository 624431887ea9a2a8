"""Settings, names, limits and rules that all parts go by: the standard library only."""
