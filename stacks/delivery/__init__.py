"""The permissions of GitHub's roles in an environment, and the limits of all its roles.

A permission is limited to the environment's resource names where IAM knows a name. Otherwise it is
limited to its tags, or else to its region.
"""
