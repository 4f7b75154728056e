"""A report with every text in it harmless to show: names and quotes come from articles, escape sequences and all."""

from typing import Any, TypeVar

from pydantic import BaseModel

from quotetrack.harmless import one_line
from quotetrack.reports.forms import Piece

AForm = TypeVar("AForm", bound=BaseModel)


def harmless_form(form: AForm) -> AForm:
    """The same with each text on one line and nothing in it that steers a terminal or reorders what is read."""
    return form.model_copy(update={name: _harmless(getattr(form, name)) for name in type(form).model_fields})


def _harmless(value: Any) -> Any:
    if isinstance(value, Piece):
        return value  # made harmless already, and the spaces at its ends count
    if isinstance(value, BaseModel):
        return harmless_form(value)
    if isinstance(value, dict):
        return {_harmless(key): _harmless(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_harmless(inner) for inner in value)
    # an enumeration is a text too, and stays what it is
    return one_line(value) if type(value) is str else value
