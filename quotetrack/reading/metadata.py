"""What is said about an article besides its text, by the command line, a side-car, a JSON line or the page itself."""

import json
import os
import re
import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from quotetrack.reading.urls import canonical_url

MAX_SIDECAR_BYTES = 64 * 1024
MAX_TOML_CHARS = 16 * 1024
"""A key of many parts takes Python's parser square time: 13 s for 64 KiB, under one for this."""
SIDECAR_SUFFIXES = (".meta.toml", ".meta.json")
"""In the order in which they are looked for; the first found counts."""


def parse_published(value: object) -> datetime:
    """When an article was published, with a time zone: UTC where none is given.

    `value` is an ISO 8601 date or date-time, as text or as a `date` or `datetime`. Raises `ValueError`.
    """
    if isinstance(value, str):
        # "2024-03-05 10:11 +0100", which front matter often has, is ISO 8601 but for the second space.
        text = re.sub(r"\s+(?=[+-]\d\d:?\d\d$|Z$)", "", value.strip().upper())
        try:
            return parse_published(datetime.fromisoformat(text))
        except ValueError:
            message = f"{value[:40]!r} is not a date; write it like 2024-03-05 or 2024-03-05T10:30:00+01:00"
            raise ValueError(message) from None
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if not isinstance(value, datetime):
        raise ValueError(f"a date is expected, like 2024-03-05, not {type(value).__name__}")
    if value.utcoffset() is None:
        value = value.replace(tzinfo=UTC)
    try:
        value.astimezone(UTC)
    except OverflowError:
        raise ValueError("the date is out of range") from None
    return value


def _clean_line(value: object) -> object:
    """Text on one line, `None` if nothing is left. Lone surrogates and NUL are errors: no database stores them."""
    if not isinstance(value, str):
        return value
    if "\0" in value or any("\ud800" <= char <= "\udfff" for char in value):
        raise ValueError("it contains characters that are not text; remove them")
    # Escape sequences in a title would reach somebody's terminal.
    return " ".join(re.sub(r"[\x01-\x1f\x7f-\x9f]", " ", value).split()) or None


def _clean_id(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else _clean_line(value)


def _clean_url(value: object) -> object:
    value = _clean_line(value)
    return canonical_url(value) if isinstance(value, str) else value


def _clean_published(value: object) -> datetime | None:
    return None if value is None or (isinstance(value, str) and not value.strip()) else parse_published(value)


class Metadata(BaseModel):
    """Everything known about an article besides its text. Each field may be absent; keys of other names are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    id: Annotated[str | None, BeforeValidator(_clean_id)] = None
    """Its id within its outlet; a whole number will do."""
    url: Annotated[str | None, BeforeValidator(_clean_url)] = None
    """Made canonical (`canonical_url`)."""
    title: Annotated[str | None, BeforeValidator(_clean_line)] = None
    outlet: Annotated[str | None, BeforeValidator(_clean_line)] = None
    author: Annotated[str | None, BeforeValidator(_clean_line)] = None
    published: Annotated[datetime | None, BeforeValidator(_clean_published)] = None
    """With a time zone (`parse_published`)."""

    def over(self, other: Self) -> Self:
        """What this says, and what `other` says where this is silent."""
        said = {name: value for name in type(self).model_fields if (value := getattr(self, name)) is not None}
        return other.model_copy(update=said)


def describe(error: ValidationError) -> str:
    """What is wrong with each field, as one sentence without pydantic's vocabulary."""
    return "; ".join(
        f"{'.'.join(map(str, fault['loc'])) or 'metadata'}: {fault['msg'].removeprefix('Value error, ')}"
        for fault in error.errors(include_url=False, include_input=False)
    )


def page_metadata(values: Mapping[str, object]) -> Metadata:
    """Metadata from a web page, without the fields that are of no use: their author is not here to mend them."""
    metadata = Metadata()
    for name, value in values.items():
        try:
            metadata = Metadata.model_validate({name: value}).over(metadata)
        except ValidationError:
            continue
    return metadata


def is_sidecar(name: str) -> bool:
    """Whether a file of this name describes another file."""
    return name.lower().endswith(SIDECAR_SUFFIXES)


def read_sidecar(path: Path) -> Metadata:
    """What the side-car of the article file `path` says: `NAME.meta.toml` or `NAME.meta.json` next to `NAME.txt`.

    Empty if there is none. Raises `ValueError` with a message that names the side-car and its fault.
    """
    for suffix in SIDECAR_SUFFIXES:
        sidecar = path.with_name(path.stem + suffix)
        try:
            if not os.path.isfile(sidecar):  # Path.is_file raises if this longer name is too long for the disk.
                continue
            with sidecar.open("rb") as file:
                data = file.read(MAX_SIDECAR_BYTES + 1)
            if len(data) > MAX_SIDECAR_BYTES:
                raise ValueError(f"it is larger than {MAX_SIDECAR_BYTES // 1024} KiB")
            return Metadata.model_validate(_parse_sidecar(data.decode("utf-8-sig"), suffix))
        except ValidationError as error:
            fault = describe(error)
        except OSError as error:
            fault = error.strerror or str(error)
        except RecursionError:
            fault = "it is nested too deeply"
        except UnicodeDecodeError as error:
            fault = f"byte {error.start} is not UTF-8"
        except ValueError as error:
            fault = str(error)
        raise ValueError(f"the side-car {sidecar.name} is broken: {fault}; mend it or remove it")
    return Metadata()


def parse_toml(text: str) -> dict[str, Any]:
    """What a short TOML text says. Raises `ValueError`, and `RecursionError` as Python's parser does."""
    if len(text) > MAX_TOML_CHARS:
        raise ValueError(f"it is larger than {MAX_TOML_CHARS // 1024} KiB")
    return tomllib.loads(text)


def _parse_sidecar(text: str, suffix: str) -> dict[str, Any]:
    parsed = parse_toml(text) if suffix.endswith(".toml") else json.loads(text)
    if not isinstance(parsed, dict):
        raise ValueError('an object is expected, like {"outlet": "The Herald"}')
    return parsed
