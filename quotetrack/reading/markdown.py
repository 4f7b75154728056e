"""Front matter: the block of metadata with which a Markdown file may begin. The file's text itself is not touched."""

import re

from pydantic import ValidationError

from quotetrack.reading.common import Fault
from quotetrack.reading.metadata import Metadata, describe, parse_toml

MAX_FRONT_MATTER_CHARS = 64 * 1024

_BLOCK = re.compile(
    r"(?P<fence>---|\+\+\+)[ \t]*\r?\n(?P<lines>(?s:.*?))(?<=\n)(?:(?P=fence)|\.\.\.)[ \t]*(?:\r?\n|\Z)"
)
_SCALAR = re.compile(r"(?P<key>[A-Za-z_][\w-]*)[ \t]*:(?:[ \t]+(?P<value>.*))?")
_ALIASES = {"date": "published", "canonical_url": "url"}
"""Names that site generators use for ours."""


def read_front_matter(text: str) -> tuple[Metadata, int]:
    """What the front matter says, and the offset where the body begins (0 without front matter).

    Between `---` lines, simple `key: value` lines are read and everything else in YAML is passed over; between `+++`
    lines, TOML. Raises `Fault` (`metadata`).
    """
    block = _BLOCK.match(text[:MAX_FRONT_MATTER_CHARS])
    if not block:
        return Metadata(), 0
    try:
        found = parse_toml(block["lines"]) if block["fence"] == "+++" else _scalars(block["lines"])
        values = {_ALIASES.get(key.lower(), key.lower()): value for key, value in found.items()}
        # Lists of authors and the like are common and nobody's mistake.
        plain = {key: value for key, value in values.items() if not isinstance(value, list | dict)}
        return Metadata.model_validate(plain), block.end()
    except ValidationError as error:
        fault = describe(error)
    except RecursionError:
        fault = "it is nested too deeply"
    except ValueError as error:
        fault = str(error)
    raise Fault("metadata", f"its front matter is broken: {fault}; mend it or remove it")


def _scalars(lines: str) -> dict[str, object]:
    """The `key: value` lines that stand at the margin and hold one plain or quoted value."""
    found: dict[str, object] = {}
    for line in lines.splitlines():
        match = _SCALAR.fullmatch(line)
        if match and (value := _unquote((match["value"] or "").strip())):
            found[match["key"]] = value
    return found


def _unquote(value: str) -> str:
    """The value without its quotation marks or its comment; empty if it is more than a simple scalar."""
    quoted = re.fullmatch(r"""(["'])(.*)\1\s*(?:\s#.*)?""", value)
    if quoted:
        inner = quoted[2]
        return inner.replace("''", "'") if quoted[1] == "'" else inner.replace('\\"', '"')
    value = re.sub(r"(?:^|\s)#.*", "", value).strip()
    return "" if value[:1] in ("[", "{", "|", ">", "&", "*", "!", '"', "'") or value in ("~", "null") else value
