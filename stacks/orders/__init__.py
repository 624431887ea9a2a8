"""The orders system: API, tables, queue, functions, workflow, topic."""
