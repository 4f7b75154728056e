"""An evaluation drawn in the terminal, in 80 columns."""

from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from quotetrack.evaluation.report import RATES, SHARES
from quotetrack.harmless import one_line
from quotetrack.share import Share

BAR = 20
"""Cells of a full bar."""

Row = dict[str, Any]


def draw(console: Console, report: Row) -> None:
    """Print a report made by `report.build`."""
    gold = report["gold"]
    aside = f" ({gold['borderline']} borderline ones set aside)" if gold["borderline"] else ""
    console.print(Text("Evaluation", style="bold"), Text(f"{gold['form']} {one_line(gold['location'])}", style="dim"))
    console.print(
        f"articles: {gold['articles']}   gold attributions: {gold['attributions']}{aside}   found: {report['found']}"
    )
    console.print()
    console.print(_rates(report["rates"]))
    for label, share in report["shares"].items():
        if label == "source":
            console.print(Text("\nOf what was found at IoU ≥ 0.5", style="bold"))
        elif label == "nested" or (label == "distractors" and "nested" not in report["shares"]):
            console.print(Text("\nOf the gold", style="bold"))
        console.print(f"  {SHARES[label]:34} {with_n(share)}")
    console.print()
    console.print(_splits(report))
    _calibration(console, report["calibration"])
    problems = ", ".join(f"{n} {name}" for name, n in sorted(report["problems"].items(), key=lambda item: -item[1]))
    console.print()
    console.print(Text("Mistakes", style="bold"), problems or "none", Text("(--html shows each)", style="dim"))
    console.print()
    for note in report["notes"]:
        console.print(Text("• " + note, style="dim"))


def percent(share: Row) -> str:
    """A share as a table shows it: "77.6 (75.8–79.4)", without the interval where there is none, or "3 of 7"."""
    if not share["n"]:
        return "–"
    if share["share"] is None:
        return f"{share['k']} of {share['n']}"
    if share["low"] is None:
        return f"{100 * share['share']:.1f}"
    return f"{100 * share['share']:.1f} ({100 * share['low']:.1f}–{100 * share['high']:.1f})"


def with_n(share: Row) -> str:
    """A share standing alone: "91.0 % (89.5–92.3, n = 1620)", or "3 of 7, too few to judge"."""
    if share["share"] is None:
        return str(Share(share["k"], share["n"]))
    return (
        f"{100 * share['share']:.1f} % ({100 * share['low']:.1f}–{100 * share['high']:.1f}, "
        f"{share['k']} of n = {share['n']})"
    )


def score(value: float | None) -> str:
    """An F1 in per cent, or a dash."""
    return "–" if value is None else f"{100 * value:.1f}"


def _table(*headings: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 1, 0, 0))
    table.add_column(headings[0], overflow="fold")
    for heading in headings[1:]:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def _rates(rates: dict[str, Row]) -> Table:
    table = _table("figure, %", "precision", "n", "recall", "n", "F1")
    for name, rate in rates.items():
        table.add_row(RATES[name], *_cells(rate), end_section=name in ("attribution_0.8",))
    return table


def _cells(rate: Row) -> tuple[str, str, str, str, str]:
    return (
        percent(rate["precision"]),
        str(rate["precision"]["n"]),
        percent(rate["recall"]),
        str(rate["recall"]["n"]),
        score(rate["f1"]),
    )


def _splits(report: Row) -> Table:
    table = _table("attributions, %", "precision", "n", "recall", "n", "F1")

    def heading(text: str) -> None:
        table.add_row(Text(text, style="italic"))

    heading("by quotation marks")
    for name, figures in report["groups"].items():
        table.add_row(f"  {name}", *_cells(figures["rates"]["attribution"]))
        table.add_row("    end-to-end", *_cells(figures["rates"]["end_to_end"]))
    for name, parts in report["splits"].items():
        heading(f"by {name}")
        for label, split in parts.items():
            table.add_row(f"  {label.replace('_', ' ')}", *_cells(split))
    if report["phenomena"]:
        heading("by phenomenon")
    for name, each in report["phenomena"].items():
        table.add_row(f"  {name}", "", "", percent(each["recall"]), str(each["recall"]["n"]), "")
    return table


def _calibration(console: Console, calibration: Row) -> None:
    console.print()
    error = calibration["error"]
    if error is None:
        return
    console.print(
        Text("Calibration", style="bold"), f"expected error {100 * error:.1f} points over {calibration['n']} found"
    )
    table = _table("confidence, %", "right, %", "n", "")
    for each in calibration["bins"]:
        right = each["right"]
        cells = round(BAR * right["k"] / right["n"])
        table.add_row(
            f"  {100 * each['confidence']:5.1f}  ({100 * each['low']:.0f}–{100 * each['high']:.0f})",
            percent(right),
            str(right["n"]),
            "█" * cells + "░" * (BAR - cells),
        )
    console.print(table)
