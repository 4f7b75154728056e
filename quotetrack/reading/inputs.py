"""From what the user names (files, directories, URLs, standard input) to articles, one after the other."""

import fnmatch
import os
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from quotetrack.domain import Article, Rejected
from quotetrack.reading.common import Fault, Fetcher, Options, os_fault, shown
from quotetrack.reading.files import SUFFIXES, count_file, read_file, read_stdin, read_url
from quotetrack.reading.metadata import Metadata, is_sidecar
from quotetrack.reading.urls import canonical_url
from quotetrack.reading.web import fetch

STDIN = "-"
DEFAULT_INCLUDE = tuple(f"*{suffix}" for suffix in SUFFIXES)

_URL = re.compile(r"https?://", re.IGNORECASE)
_OTHER_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def read_inputs(
    inputs: Sequence[str],
    *,
    defaults: Metadata | None = None,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    encoding: str | None = None,
    stdin: BinaryIO | None = None,
    now: datetime | None = None,
    fetcher: Fetcher = fetch,
) -> Iterator[Article | Rejected]:
    """Read each input: a file, a directory with all below it, an http(s) URL, or `-` for standard input.

    Lazy, in a stable order, and it never raises for a bad input: that becomes a `Rejected` and the rest goes on.
    Nothing is read twice. In a directory hidden files and side-cars are skipped, and `include` globs (instead of
    `DEFAULT_INCLUDE`) and `exclude` globs pick files by name or by path below it, whatever the case; an excluded
    directory is not entered. A file named outright is read whatever its suffix.

    `defaults` win over what inputs say of themselves. `encoding` is that of text and Markdown (default UTF-8).
    `now` (default: the clock) decides which dates lie in the future; without a zone it is UTC.
    `fetcher` gets URLs: `functools.partial(fetch, allow_private=True)` also reads from private addresses.
    """
    now = now or datetime.now(UTC)
    options = Options(defaults or Metadata(), encoding, now if now.tzinfo else now.replace(tzinfo=UTC))
    for found in _expand(inputs, _Globs(tuple(include) or DEFAULT_INCLUDE, tuple(exclude))):
        if isinstance(found, Path):
            yield from read_file(found, options)
        elif isinstance(found, Rejected):
            yield found
        elif found == STDIN:
            yield from read_stdin(stdin or sys.stdin.buffer, options)
        else:
            yield from read_url(found, fetcher, options)


def count_inputs(inputs: Sequence[str], *, include: Sequence[str] = (), exclude: Sequence[str] = ()) -> int | None:
    """How many results `read_inputs` will give, for showing progress; `None` if standard input is among the inputs.

    Files are listed and the lines of JSON Lines counted; nothing is parsed or fetched. A URL counts as one.
    """
    if STDIN in inputs:
        return None
    globs = _Globs(tuple(include) or DEFAULT_INCLUDE, tuple(exclude))
    return sum(count_file(found) if isinstance(found, Path) else 1 for found in _expand(inputs, globs))


@dataclass(frozen=True, slots=True)
class _Globs:
    """Which files below a directory to take."""

    include: tuple[str, ...]
    exclude: tuple[str, ...]

    def takes(self, name: str, relative: str) -> bool:
        return _matches(self.include, name, relative) and not self.skips(name, relative)

    def skips(self, name: str, relative: str) -> bool:
        return _matches(self.exclude, name, relative)


def _matches(globs: Sequence[str], name: str, relative: str) -> bool:
    return any(fnmatch.fnmatchcase(candidate.lower(), glob.lower()) for glob in globs for candidate in (name, relative))


@dataclass(slots=True)
class _Seen:
    """What was met before. Inodes a device, since a run may list a million files and paths are long."""

    inodes: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    others: set[str] = field(default_factory=set)

    def add(self, path: Path) -> bool:
        """Whether `path` is new; a link is what it leads to. Raises `OSError`."""
        status = path.stat()
        if not status.st_ino:  # Some network file systems have none.
            return self.add_text(os.path.realpath(path))
        inodes = self.inodes[status.st_dev]
        new = status.st_ino not in inodes
        inodes.add(status.st_ino)
        return new

    def add_text(self, text: str) -> bool:
        new = text not in self.others
        self.others.add(text)
        return new


def _expand(inputs: Sequence[str], globs: _Globs) -> Iterator[Path | str | Rejected]:
    """Each thing to read once, in order: files as paths, URLs and `-` as they were given."""
    seen = _Seen()
    for given in inputs:
        if given == STDIN:
            if seen.add_text(given):
                yield given
        elif _URL.match(given):
            yield from _expand_url(given, seen)
        else:
            try:
                yield from _expand_path(given, globs, seen)
            except OSError as error:
                yield os_fault(error).at(shown(given))
            except ValueError:  # A NUL in the path.
                yield Fault("missing", "that cannot be a path; check it").at(shown(given))


def _expand_url(given: str, seen: _Seen) -> Iterator[str | Rejected]:
    try:
        if seen.add_text(canonical_url(given)):
            yield given
    except ValueError as error:
        yield Fault("address", f"it is not a usable URL ({error}); check it").at(shown(given))


def _expand_path(given: str, globs: _Globs, seen: _Seen) -> Iterator[Path | Rejected]:
    path = Path(given)
    if not given.strip():
        yield Fault("missing", "an input is empty; name a file, a directory, a URL or -").at("''")
    elif _OTHER_SCHEME.match(given) and not path.exists():
        yield Fault("address", "only http:// and https:// URLs are read; give a file's path as it is").at(shown(given))
    elif path.is_dir():
        yield from _walk(path, globs, seen)
    elif seen.add(path):
        yield path


def _walk(top: Path, globs: _Globs, seen: _Seen) -> Iterator[Path | Rejected]:
    """The files below a directory, sorted by name within each; a stack, since directories can be nested deeply."""
    found = False
    stack = [(top, "")]
    while stack:
        path, relative = stack.pop()
        try:
            if relative and not path.is_dir():
                # Found is found, even if it was read before under another name.
                found = True
                if seen.add(path):
                    yield path
                continue
            if not seen.add(path):
                found = True
                continue
            stack.extend(reversed(_entries(path, relative, globs)))
        except OSError as error:
            found = True
            yield os_fault(error).at(shown(str(path)))
    if not found:
        looked_for = " ".join(globs.include)
        yield Fault("nothing_found", f"no files to read in it (looked for {looked_for}); see --include").at(
            shown(str(top))
        )


def _entries(directory: Path, relative: str, globs: _Globs) -> list[tuple[Path, str]]:
    """What in a directory is to be entered or read, sorted by name, each with its path below the top."""
    chosen = []
    with os.scandir(directory) as entries:
        for entry in entries:
            below = f"{relative}/{entry.name}" if relative else entry.name
            if entry.name.startswith(".") or is_sidecar(entry.name):
                continue
            # Of the entry itself, since following a link raises if it leads where we may not look; os.path never does.
            link = entry.is_symlink()
            is_dir = os.path.isdir(entry.path) if link else entry.is_dir()
            if globs.skips(entry.name, below) if is_dir else not globs.takes(entry.name, below):
                continue
            # A broken link is kept, so that it is reported; a pipe or device could block for ever.
            if is_dir or link or entry.is_file():
                chosen.append((entry.name, directory / entry.name, below))
    return [(path, below) for _, path, below in sorted(chosen)]
