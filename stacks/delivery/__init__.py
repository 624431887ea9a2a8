"""What GitHub's roles may do in an environment: plan it, deploy it, and what all its roles may do at most.

Where IAM knows a resource by a name, it is limited to the environment's names, else to its tags, else to its region.
"""
