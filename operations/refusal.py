"""Why something isn't done."""


class Refused(Exception):
    """What can't be done as asked; the message is the one line that says what was received and what is allowed."""
