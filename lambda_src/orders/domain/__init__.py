"""Orders, payments and their rules. Imports the standard library only."""
