"""What is watched in an environment, as one table of which its alarms and its dashboard are made."""
