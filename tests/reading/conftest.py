"""What the reading tests share: prose that passes every check, and one call that reads it."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from quotetrack.domain import Article, Rejected
from quotetrack.reading import Metadata, read_inputs

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PROSE = "“The bridge will open in May,” the mayor told reporters on Tuesday. She did not say who would pay for it.\n"
PARAGRAPHS = "".join(
    f"<p>Speaker number {number} said on Tuesday that the bridge would open in May, and that the city had the money "
    "for it, according to a statement from the town hall.</p>"
    for number in range(5)
)

Read = Callable[..., list[Article | Rejected]]


def page(body: str = PARAGRAPHS, head: str = "<title>The bridge</title>") -> str:
    return f"<!DOCTYPE html><html><head>{head}</head><body><article>{body}</article></body></html>"


@pytest.fixture
def read() -> Read:
    def read(*inputs: Path | str, **options: Any) -> list[Article | Rejected]:
        options.setdefault("defaults", Metadata())
        options.setdefault("now", NOW)
        return list(read_inputs([str(given) for given in inputs], **options))

    return read
