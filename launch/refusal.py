"""The one exception of the launcher: a sentence for the person at the keyboard."""


class Refusal(Exception):
    """Says what is wrong and what to do about it; printed as it is, without a traceback."""
