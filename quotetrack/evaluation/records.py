"""JSON Lines from outside, checked by pydantic: a bad line is named by file and number."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from quotetrack.evaluation.gold import GoldError
from quotetrack.reading import MAX_BYTES

Record = TypeVar("Record", bound=BaseModel)


def read_records(path: Path, model: type[Record]) -> Iterator[tuple[str, Record]]:
    """Each line that is not blank as a `model`, with where it stands (`path:line`, from 1).

    Raises GoldError if the file cannot be read, or at the first line that is not such a record.
    """
    number = 0
    try:
        with path.open("rb") as stream:
            while line := stream.readline(MAX_BYTES + 1):
                number += 1
                if not line.removeprefix(b"\xef\xbb\xbf").strip():
                    continue
                where = f"{path}:{number}"
                if len(line) > MAX_BYTES:
                    raise GoldError(f"{where}: the line is longer than {MAX_BYTES} bytes. Write one record a line.")
                yield where, _parse(line, model, where)
    except OSError as error:
        raise GoldError(f"{path} cannot be read: {error.strerror or error}.") from error


def _parse(line: bytes, model: type[Record], where: str) -> Record:
    try:
        return model.model_validate(json.loads(line.decode("utf-8-sig")))
    except UnicodeDecodeError as error:
        raise GoldError(f"{where}: byte {error.start} is not UTF-8. Convert the file with iconv.") from error
    except ValidationError as error:
        fault = error.errors()[0]
        field = ".".join(str(part) for part in fault["loc"]) or "the line"
        raise GoldError(f"{where}: {field} is wrong: {fault['msg']}.") from error
    except (ValueError, RecursionError) as error:
        raise GoldError(f"{where}: it is not one whole JSON object ({error}).") from error
