"""The root of all exceptions that tell a person why something was not done."""


class Refused(Exception):
    """The request is understood and turned down; its text is one clear line for a person.

    Rooms derive their own exceptions from this one and keep them beside the operation that raises them.
    The command line prints the text on stderr and exits 1; a page shows it as a message. Nothing was changed.
    """
