"""Reports as rows for CSV: one a line of an overview, or one a figure."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from pydantic import BaseModel

from quotetrack.reports import documents, forms

FIGURE = ("figure", "name", "n", "k", "share", "low", "high", "judged", "method", "value", "unit")


def rows_of(report: documents.AnyReport) -> tuple[Sequence[str], list[dict[str, Any]]]:
    """Columns and rows. Of an overview each line is a row; of any other report each figure is one."""
    lines: Sequence[BaseModel] = getattr(report, "rows", None) or ()
    if hasattr(report, "rows"):
        flat = [_flat(line) for line in lines]
        return (list(flat[0]) if flat else ["name"]), flat
    found = _figures("", report)
    return FIGURE, [{name: row[name] for name in FIGURE if name in row} for row in found]


def _flat(line: BaseModel) -> dict[str, Any]:
    """A line with what is within its figures as columns of their own: `direct_k`, `direct_share`."""
    found: dict[str, Any] = {}
    for name in type(line).model_fields:
        value = _written(getattr(line, name))
        if isinstance(value, BaseModel):
            found |= {f"{name}_{inner}": each for inner, each in _plain(value).items() if inner not in _SAME}
        elif isinstance(value, list):
            found[name] = "; ".join(map(str, value))
        elif name != "evidence":
            found[name] = value
    return found


_SAME = ("evidence", "method", "judged", "unit")
"""The same in each line, or told by an empty share."""


def _plain(form: BaseModel) -> dict[str, Any]:
    return {name: _written(getattr(form, name)) for name in type(form).model_fields}


def _written(value: Any) -> Any:
    """Dates as JSON has them."""
    return value.isoformat() if isinstance(value, date) else value


_LEFT_OUT = {"format", "quotetrack", "as_of", "scope", "caveats", "evidence", "quotes", "report", "id"}


def _figures(path: str, form: BaseModel) -> Iterator[dict[str, Any]]:
    """Every figure of a report, by the path of its fields."""
    for name, value in _plain(form).items():
        if name not in _LEFT_OUT:
            yield from _figure(f"{path}.{name}".removeprefix("."), value)


def _figure(path: str, value: Any) -> Iterator[dict[str, Any]]:
    if value is None:
        return
    if isinstance(value, (forms.Rate, forms.Middle)):
        yield {"figure": path, **_plain(value), **({"value": value.median} if isinstance(value, forms.Middle) else {})}
    elif isinstance(value, forms.Concentration):
        yield {"figure": path, "n": value.n, "k": value.different, "value": value.index, "judged": value.judged}
    elif isinstance(value, forms.Number):
        yield {"figure": path, "n": value.n}
    elif isinstance(value, forms.Counted):
        yield {"figure": path, "name": value.name, "n": value.n}
    elif isinstance(value, forms.Period):
        yield {"figure": f"{path}.attributions", "name": value.start.isoformat(), "n": value.attributions}
        for name in ("direct", "unnamed", "through_a_channel"):
            yield {"figure": f"{path}.{name}", "name": value.start.isoformat(), **_plain(getattr(value, name))}
    elif isinstance(value, (forms.Outcome, forms.Assessment)):
        said = value.verdict if isinstance(value, forms.Outcome) else value.grade
        subject = value.label if isinstance(value, forms.Outcome) else value.subject
        yield {"figure": path, "name": subject, "value": said}
    elif isinstance(value, forms.PairGroup):
        for pair in value.shown:
            for side in pair.sides:
                yield {"figure": f"{path}.{value.group}", "name": side.words, "value": side.attribution}
    elif isinstance(value, BaseModel):
        yield from _figures(path, value)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _figure(f"{path}.{key}", inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _figure(path, inner)
    else:
        yield {"figure": path, "value": value}
