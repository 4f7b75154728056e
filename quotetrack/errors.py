"""Everything that can go wrong in a way a user can mend, and the exit code each has.

Raise these with one sentence that says what is wrong and one that says what to do next; the command line
prints it on standard error without a traceback.
"""

from enum import IntEnum
from typing import Any


class ExitCode(IntEnum):
    """What the process tells its caller."""

    OK = 0
    ERROR = 1
    """Something failed; nothing useful was done."""
    USAGE = 2
    """The command line itself was wrong (click's own code)."""
    SKIPPED = 3
    """The work was done, but at least one input was skipped; each is named on standard error."""
    DATABASE = 4
    """The database is missing, locked, damaged, or at another schema revision."""
    MODEL = 5
    """A language model is missing or damaged."""
    NOT_FOUND = 6
    """What the user named (a source, an attribution) is not stored."""
    INTERRUPTED = 130
    """Stopped by Ctrl-C or SIGTERM; everything finished before is stored."""


class QuotetrackError(Exception):
    """Base of the errors a user can mend."""

    exit_code = ExitCode.ERROR


class DatabaseError(QuotetrackError):
    """The database cannot be used as it is."""

    exit_code = ExitCode.DATABASE


class ModelError(QuotetrackError):
    """A model is missing or damaged."""

    exit_code = ExitCode.MODEL


class ClusterError(QuotetrackError):
    """A Dask cluster is not there, or not of this version."""


class CatalogueError(QuotetrackError):
    """The catalogue of sources breaks one of its rules."""


class NotFoundError(QuotetrackError):
    """The thing named is not stored, or the name fits several things."""

    exit_code = ExitCode.NOT_FOUND


class InvalidError(QuotetrackError):
    """What a reviewer wants an attribution to be breaks one of its rules, such as a speaker who is not last."""


class ConflictError(QuotetrackError):
    """The change would break something that is stored: a name that is taken, or what somebody decided meanwhile."""

    def __init__(self, message: str, *, by: str = "", seen: Any = None, now: Any = None) -> None:
        """`by` is who changed an attribution; `seen` and `now` are its `State`s when shown and since."""
        super().__init__(message)
        self.by = by
        self.seen = seen
        self.now = now
