"""The one exception for what a person has to change."""


class UserError(Exception):
    """Something that the user has to change; the message is the one line that says what was received and what to do."""
