"""Reports drawn in the terminal."""

from typing import Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from quotetrack.harmless import one_line
from quotetrack.share import Share

NARROW = 92
TOP = 12
"""Rows shown of a long list; what is left out is counted."""


def draw_overview(console: Console, report: dict[str, Any]) -> None:
    report = _harmless(report)
    console.print(Text("Sources", style="bold"), Text(_scope(report["scope"]), style="dim"))
    console.print(
        f"{report['attributions']} attributions in {report['articles']} articles of {report['outlets']} outlets; "
        f"{report['without_speaker']} without a speaker"
    )
    for label, key in (
        ("speaker not named", "unnamed_speakers"),
        ("through a stated channel", "through_a_channel"),
        ("reviewed", "reviewed"),
        ("found right by reviewers", "extractor_precision"),
    ):
        console.print(f"  {label:26} {share_text(report[key])}")
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 1, 0, 0))
    wide = console.width >= NARROW  # else what it is makes room for the figures
    for heading in ("source", *(("kind",) if wide else ()), "controlled by"):
        table.add_column(heading, overflow="fold")
    for heading in ("spoke", "direct", "via", "carried", "articles", "outlets"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in report["sources"]:
        counts = (row["spoken"], row["direct"]["k"], row["through_a_channel"]["k"], row["carried"])
        table.add_row(
            Text(row["name"]),
            *((row["kind"].replace("_", " "),) if wide else ()),
            Text(row["controller"] or ""),
            *(str(n) if n else "·" for n in counts),
            str(row["articles"]),
            str(row["outlets"]),
        )
    console.print()
    console.print(table)
    console.print(
        Text(
            "spoke: attributions with it as speaker; direct: of those, in quotation marks; via: of those, through a "
            "stated channel; carried: attributions that came through it.",
            style="dim",
        )
    )
    _caveats(console, report)


def draw_source(console: Console, report: dict[str, Any]) -> None:
    report = _harmless(report)
    source = report["source"]
    line = [source["kind"].replace("_", " "), *([source["country"]] if source["country"] else [])]
    console.print(
        Text(source["name"], style="bold"), Text(f"({', '.join(line)})"), Text(_scope(report["scope"]), style="dim")
    )
    if source["controllers"]:
        console.print(Text("controlled by " + " ← ".join(source["controllers"])))
    if source["aliases"]:
        console.print(Text("also: " + ", ".join(source["aliases"]), style="dim"))
    speaker, channel = report["as_speaker"], report["as_channel"]
    if not speaker["attributions"] and not channel["attributions"]:
        console.print("\nNothing in scope is attributed to it or came through it.")
        _caveats(console, report)
        return
    period = "–".join(sorted({d[:10] for d in (report["first_published"], report["last_published"]) if d}))
    console.print(f"in {report['articles']} articles" + (f", published {period}" if period else ""))
    if speaker["attributions"]:
        console.print(Text(f"\nAs speaker: {speaker['attributions']} attributions", style="bold"))
        console.print(_shares(speaker["kinds"]))
        others = {k: v for k, v in speaker["polarities"].items() if k != "asserted"}
        if others:
            console.print("  " + ", ".join(f"{v} {k}" for k, v in others.items()))
        _list(console, "spoke through", speaker["channels"])
    if channel["attributions"]:
        console.print(Text(f"\nAs channel: {channel['attributions']} attributions came through it", style="bold"))
        console.print(f"  speaker not named  {share_text(channel['unnamed_speakers'])}")
        _list(console, "speakers", channel["speakers"])
        _list(console, "heard in no other way", channel["only_heard_through_it"])
    console.print()
    _list(console, "outlets", report["outlets"])
    console.print(f"  reviewed  {share_text(report['reviewed'])}")
    _caveats(console, report)


def _harmless(value: Any) -> Any:
    """The same with every text harmless in a terminal: names come from articles, escape sequences and all."""
    if isinstance(value, dict):
        return {_harmless(key): _harmless(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_harmless(inner) for inner in value]
    return one_line(value) if isinstance(value, str) else value


def draw_agreement(console: Console, report: dict[str, Any]) -> None:
    """The report on how far two reviewers agree."""
    items, accepted = report["items"], report["both_accepted"]
    reviewers = ", ".join(one_line(name) for name in report["reviewers"]) or "nobody yet"
    console.print(Text(f"Agreement on {items} attributions judged by two ({accepted} accepted by both): {reviewers}"))
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(1, 2, 0, 0))
    for heading in ("", "κ", "same answer", "F1 of characters", "n"):
        table.add_column(heading, justify="left" if not heading else "right")
    for name, row in report["kappa"].items():
        table.add_row(name, _figure(row["kappa"]), _figure(row["observed"]), "", str(row["n"]))
    for name, row in report["overlap"].items():
        table.add_row(name, "", "", _figure(row["f1"]), str(row["n"]))
    console.print(table)
    _caveats(console, report)


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def share_text(share: dict[str, Any]) -> str:
    return str(Share(share["k"], share["n"]))


def _shares(shares: dict[str, dict[str, Any]]) -> RenderableType:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1, 0, 0))
    for name, share in shares.items():
        width = round(20 * share["k"] / share["n"]) if share["n"] else 0
        table.add_row(name, str(share["k"]), "█" * width + "░" * (20 - width), share_text(share))
    return Padding(Group(table), (0, 0, 0, 2))


def _list(console: Console, heading: str, counts: dict[str, int]) -> None:
    if not counts:
        return
    shown = [f"{name} ({number})" for name, number in list(counts.items())[:TOP]]
    more = f", and {len(counts) - TOP} more" if len(counts) > TOP else ""
    console.print(Text(f"  {heading}: ") + Text(", ".join(shown) + more))


def _scope(scope: dict[str, Any]) -> str:
    since, until, outlet = scope["since"], scope["until"], scope["outlet"]
    parts = [
        f"from {since[:10]}" if since else "",
        f"before {until[:10]}" if until else "",
        f"in {outlet}" if outlet else "",
    ]
    return " ".join(part for part in parts if part)


def _caveats(console: Console, report: dict[str, Any]) -> None:
    console.print()
    for caveat in report["caveats"]:
        console.print(Text("• " + caveat, style="dim"))
