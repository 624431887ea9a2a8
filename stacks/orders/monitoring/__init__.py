"""The monitoring of an environment: one table, from which alarms and dashboard are made."""
