"""Decides the few ways in which a request can fail; how each is shown is left to web and cli."""


class BauTrackerError(Exception):
    """Say what happened and what to do, in words a person can act on."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class InvalidInput(BauTrackerError):  # noqa: N818  (names what happened, not a mechanism)
    """What was given can't be right; `field` names the input it concerns, empty for the whole."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class UnreadableInput(InvalidInput):
    """A file can't be read at all, or isn't recognised."""


class Expired(InvalidInput):
    """What was given counted once, and no longer does."""


class NotFound(BauTrackerError):  # noqa: N818
    """There is no such thing, or it may not be known to the person who asked."""


class Forbidden(BauTrackerError):  # noqa: N818
    """The person is known, and may not do this."""


class Conflict(BauTrackerError):  # noqa: N818
    """The state changed in between, so that what was asked no longer applies as it stands."""


class ChangedMeanwhile(Conflict):
    """Somebody else changed what a form was made from, so that sending it would undo that change."""


class Unavailable(BauTrackerError):  # noqa: N818
    """Something that the program needs, such as the database, doesn't answer."""
