"""What every reader shares: the limits, the options of one run, and the fault that ends the reading of one input."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from quotetrack.domain import Rejected
from quotetrack.reading.metadata import Metadata

MAX_BYTES = 10 * 1024 * 1024
"""Largest article, in bytes as read: a file, a fetched page, or one line of JSON Lines."""

_MEBIBYTES = MAX_BYTES // (1024 * 1024)
_NOT_SHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class Fault(Exception):
    """Why one input cannot become an article. It becomes a `Rejected`, also when a `Fetcher` raises it."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message

    def at(self, location: str) -> Rejected:
        """The rejection of the input at `location`, its message on one line whatever it quotes."""
        return Rejected(location, self.reason, shown(self.message))


@dataclass(frozen=True, slots=True)
class Fetched:
    """The answer to a request, after redirects."""

    url: str
    """Where the answer came from in the end, not yet canonical."""
    content: bytes
    """At most `MAX_BYTES`, decompressed."""
    content_type: str
    """Lower case, without parameters, such as `text/html`."""
    charset: str | None = None
    """As the header declares it."""


Fetcher = Callable[[str], Fetched]
"""Gets one http(s) URL; raises `Fault` when that fails."""


@dataclass(frozen=True, slots=True)
class Options:
    """What holds for all inputs of one run."""

    defaults: Metadata = field(default_factory=Metadata)
    """From the command line: they win over whatever an input says of itself."""
    encoding: str | None = None
    """Of text and Markdown; `None` means UTF-8, or what a byte order mark says."""
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    """With a time zone. An article published more than a day later is rejected."""


def shown(text: str) -> str:
    """`text` on one line: what a terminal or a database could not take is replaced, so it may be printed anywhere.

    File names can hold line feeds, escape sequences and undecodable bytes (lone surrogates).
    """
    return _NOT_SHOWN.sub(lambda found: " " if found[0].isspace() else "\ufffd", text)


def read_capped(path: Path) -> bytes:
    """The bytes of a file of at most `MAX_BYTES`. Raises `Fault` (`too_large`) or `OSError`."""
    with path.open("rb") as file:
        # The size first, so that a huge file costs nothing; the cap again, for a file that grows or lies about it.
        if os.fstat(file.fileno()).st_size > MAX_BYTES:
            raise too_large()
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise too_large()
    return data


def too_large(what: str = "the article") -> Fault:
    """The fault of an article or line over the limit."""
    return Fault("too_large", f"{what} is larger than {_MEBIBYTES} MiB; split it, or remove what is not article")


def os_fault(error: OSError) -> Fault:
    """The fault for what the operating system refused."""
    if isinstance(error, FileNotFoundError):
        return Fault("missing", "there is no such file or directory; check the path")
    if isinstance(error, PermissionError):
        return Fault("unreadable", "permission denied; make it readable (chmod u+r), or run as its owner")
    return Fault("unreadable", f"it cannot be read ({error.strerror or error}); check the path and the disk")
