"""Figures as text."""

from datetime import datetime

from quotetrack.reports import forms, words
from quotetrack.reports.outline import Row


def rate_text(rate: forms.Rate) -> str:
    """For a table: "42 % (31–54, n = 64)", or "3 of 7, too few to judge"."""
    if not rate.n:
        return "–"
    if rate.share is None or rate.low is None or rate.high is None:
        return f"{rate.k} of {rate.n}, too few to judge"
    return f"{percent(rate.share)} ({100 * rate.low:.0f}–{100 * rate.high:.0f}, n = {rate.n})"


def short(rate: forms.Rate) -> str:
    """For a narrow cell: "42 %", or "3 of 7"."""
    if not rate.n:
        return "–"
    return f"{rate.k} of {rate.n}" if rate.share is None else percent(rate.share)


def rate_row(what: str, rate: forms.Rate) -> Row:
    """The row of a figure that `words.FIGURES` or `words.GROUPS` names."""
    return Row(_named(what), rate_text(rate), rate.share, rate.low, rate.high, rate.evidence)


def number_row(what: str, number: forms.Number) -> Row:
    """The same of a count."""
    return Row(_named(what), str(number.n), evidence=number.evidence)


def _named(what: str) -> str:
    return (words.FIGURES | words.GROUPS)[what]


def percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def middle_text(middle: forms.Middle) -> str:
    if middle.median is None:
        return f"n = {middle.n}, too few to judge" if middle.n else "–"
    return f"median {middle.median:.3g}, half of them {middle.low:.3g} to {middle.high:.3g} (n = {middle.n})"


def concentration_text(found: forms.Concentration) -> str:
    if found.index is None or found.equal_to is None:
        return f"n = {found.n}, too few to judge" if found.n else "–"
    return f"{found.index:.3f}, as of {found.equal_to:.1f} equal ones ({found.different} in all, n = {found.n})"


def day(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d")
