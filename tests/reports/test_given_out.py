"""Reports as they are given out: the same each time, by their schema, and harmless whatever an article holds."""

import csv
import io
import json
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from jsonschema import Draft202012Validator
from rich.console import Console

from quotetrack.cli import main
from quotetrack.domain import Verdict
from quotetrack.errors import NotFoundError
from quotetrack.page import web_address
from quotetrack.reports import build
from quotetrack.reports.build import Request
from quotetrack.reports.documents import AnyReport, json_schema
from quotetrack.reports.layout import outline
from quotetrack.reports.markdown import escaped, markdown
from quotetrack.reports.page import page
from quotetrack.reports.rows import rows_of
from quotetrack.reports.terminal import draw
from quotetrack.store.engine import Engine, writing
from quotetrack.store.figures.runs import run_facts
from quotetrack.store.models import Assessment, Outcome, Source, Statement, StatementLink
from quotetrack.store.save import finish_run, start_run
from tests.reports.made import JULY, Made
from tests.store.build import START, channel, dump, quote, save, speaker

Build = Callable[[Engine, Request], AnyReport]
REPORTS: dict[str, Build] = {
    "sources": build.sources_report,
    "channels": build.channels_report,
    "outlets": build.outlets_report,
    "source": lambda engine, asked: build.source_report(engine, "KCNA", asked),
    "channel": lambda engine, asked: build.channel_report(engine, "TASS", asked),
    "outlet": lambda engine, asked: build.outlet_report(engine, "Ранок", asked),
    "unnamed": build.unnamed_report,
    "run": lambda engine, asked: build.run_report(engine, None, asked),
    "agreement": lambda engine, asked: build.agreement_report((), asked),
}
every = pytest.mark.parametrize("name", REPORTS)
HOSTILE = "<script>alert(1)</script> & \"'--><img src=x onerror=y>{{ 7*7 }}</mark>\x1b[31m\u202e[bold]x[/]"


@pytest.fixture(scope="session")
def shown(made: Made) -> Made:
    """The record with a run, so that every report has something to say."""
    if made.built.get("run") is None:
        run = start_run(made.engine, version="1.0", models={"tagger": "x"}, settings={"workers": 1})
        skipped = [{"location": "a.pdf", "reason": "binary", "message": "It is no text."}]
        finish_run(made.engine, run, {"articles": {"new": 2}, "words": 90, "seconds": 1.5, "skipped": skipped})
        made.built["run"] = run
    return made


def made_report(name: str, made: Made, **more: Any) -> AnyReport:
    return REPORTS[name](made.engine, Request(JULY, **({"evidence": 3} | more)))


@every
def test_json_keeps_to_the_schema(name: str, shown: Made) -> None:
    schema = json_schema()
    Draft202012Validator.check_schema(schema)
    for evidence in (0, 3):
        report = made_report(name, shown, evidence=evidence)
        written = json.loads(json.dumps(report.model_dump(mode="json")))
        assert list(Draft202012Validator(schema).iter_errors(written)) == []
        assert written["report"] == name
        written["nonsense"] = 1
        assert list(Draft202012Validator(schema).iter_errors(written))


@every
def test_two_reports_on_one_record_are_the_same_to_the_byte(name: str, shown: Made) -> None:
    one, other = made_report(name, shown), made_report(name, shown)
    assert one == other
    assert page(outline(one)) == page(outline(other))
    assert markdown(outline(one)) == markdown(outline(other))


@every
def test_a_report_changes_nothing(name: str, shown: Made) -> None:
    before = dump(shown.engine.url.render_as_string(hide_password=False))
    made_report(name, shown)
    assert dump(shown.engine.url.render_as_string(hide_password=False)) == before


# Evidence.


@pytest.mark.parametrize("name", [name for name in REPORTS if name not in ("run", "agreement")])
def test_all_evidence_that_a_figure_names_is_there_and_is_what_it_counts(name: str, shown: Made) -> None:
    report = made_report(name, shown, evidence=1000)
    assert report.evidence is not None
    assert report.quotes is not None
    quotes = {quote.id: quote for quote in report.quotes}
    told = {t.id: t for t in shown.told}
    keys = set(named(report.model_dump(mode="json")))
    pairs = {key for key in keys if ".pairs-" in key or key.startswith("pairs-")}
    assert keys - pairs <= set(report.evidence)
    for key, evidence in report.evidence.items():
        assert set(evidence.attributions) <= set(quotes)
        statements = key.split(".")[-1].startswith(("independent", "same_origin", "not_told", "alone", "statement"))
        if not statements and "single" not in key and "unknown_origin" not in key:
            assert len(evidence.attributions) == evidence.total
        assert len(set(evidence.attributions)) == len(evidence.attributions) or statements
        what = key.split(".")[-1]
        if what in ("direct", "mixed", "indirect", "reported"):
            assert {told[id_].kind for id_ in evidence.attributions} == {what}
        if what in ("asserted", "negated", "question"):
            assert {told[id_].polarity for id_ in evidence.attributions} == {what}
        if what == "rejected":
            assert {told[id_].status for id_ in evidence.attributions} == {"rejected"}
    for quote_ in quotes.values():
        assert quote_.content == told[quote_.id].text
        assert [hop.name for hop in quote_.chain] == list(told[quote_.id].names)


def named(value: Any) -> list[str]:
    """All evidence keys in a report."""
    if isinstance(value, dict):
        own = [value["evidence"]] if isinstance(value.get("evidence"), str) else []
        return own + [key for inner in value.values() for key in named(inner)]
    return [key for inner in value for key in named(inner)] if isinstance(value, list) else []


def test_without_evidence_there_are_no_quotes(shown: Made) -> None:
    report = made_report("source", shown, evidence=0)
    assert (report.evidence, report.quotes) == (None, None)
    few = made_report("source", shown, evidence=2)
    assert few.evidence is not None
    assert max(len(each.attributions) for each in few.evidence.values()) == 2
    assert "the first 2" in page(outline(few))


# HTML.


def parsed(text: str) -> Element:
    """The page as a browser reads it; any error of its markup is raised."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)  # type: ignore[no-any-return]


@every
def test_a_page_is_valid_loads_nothing_and_runs_nothing(name: str, shown: Made) -> None:
    text = page(outline(made_report(name, shown)))
    tree = parsed(text)
    tags = {element.tag for element in tree.iter() if isinstance(element.tag, str)}
    assert not tags & {"script", "link", "img", "iframe", "object", "embed", "form", "base", "video", "audio", "use"}
    for element in tree.iter():
        for attribute, value in element.attrib.items():
            assert not attribute.startswith("on")
            assert attribute not in ("src", "srcset", "action", "formaction", "data", "xlink:href")
            if attribute == "href":
                assert value.startswith(("#", "http://", "https://"))
    assert not re.search(r"url\(|@import", text)
    assert "default-src 'none'" in text


@every
def test_a_page_can_be_read_in_order_and_every_link_in_it_leads_somewhere(name: str, shown: Made) -> None:
    tree = parsed(page(outline(made_report(name, shown))))
    ids = [element.attrib["id"] for element in tree.iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids))
    links = [element.attrib["href"] for element in tree.iter("a")]
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)
    assert links[0] == "#main"
    for element in tree.iter():
        for name_ in element.attrib.get("aria-labelledby", "").split():
            assert name_ in ids
    levels = [int(e.tag[1]) for e in tree.iter() if isinstance(e.tag, str) and re.fullmatch("h[1-6]", e.tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    for table in tree.iter("table"):
        assert table.find("caption") is not None
        assert all(th.attrib["scope"] in ("col", "row") for th in table.iter("th"))
        assert all(row.findall("th") for row in table.iter("tr"))
    for svg in tree.iter("svg"):
        assert svg.attrib["role"] == "img"
        assert svg.attrib.get("aria-label") or svg.attrib.get("aria-labelledby")
    assert tree.find(".//main") is not None
    assert tree.attrib["lang"] == "en"


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(c * 2 for c in digits) if len(digits) == 3 else digits
    channels = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_text_stands_out_from_what_is_behind_it() -> None:
    """WCAG 2.2, success criterion 1.4.3: a contrast of 4.5 to 1, in light and in dark."""
    style = (Path(build.__file__).parents[1] / "style.css").read_text("utf-8")
    light, dark = style.split("prefers-color-scheme: dark", 1)
    colours = dict(re.findall(r"--(\w+): (#\w+);", light))
    for scheme in (colours, colours | dict(re.findall(r"--(\w+): (#\w+);", dark))):
        pairs = [(text, ground) for text in ("ink", "soft", "accent", "bad") for ground in ("page", "card")]
        pairs += [("ink", mark) for mark in ("content", "cue", "source")]
        for text, ground in pairs:
            low, high = sorted((luminance(scheme[text]), luminance(scheme[ground])))
            assert (high + 0.05) / (low + 0.05) >= 4.5, (text, ground, scheme)
    assert dict(re.findall(r"--(\w+): (#\w+);", dark))


@pytest.mark.parametrize(
    ("url", "followed"),
    [
        ("https://example.org/a?b=c#d", True), ("http://example.org", True), ("HTTPS://example.org", True),
        ("javascript:alert(1)", False), (" javascript:alert(1)", False), ("java\nscript:alert(1)", False),
        ("data:text/html,x", False), ("file:///etc/passwd", False), ("//example.org/x", False), ("", False),
        (None, False), ("https:///x", False), ("https://exa mple.org", False), ("https://[", False),
        ("https://example.org/\u202egpj", False), ("vbscript:x", False),
    ],
)  # fmt: skip
def test_only_addresses_of_the_web_are_followed(url: str | None, followed: bool) -> None:
    assert (web_address(url) is not None) is followed


# Hostile articles.


@pytest.fixture
def hostile(engine: Engine) -> Engine:
    """One article of which every text would break out, if it could."""
    said = f"It is {HOSTILE} so."
    for number in range(3):
        save(
            engine,
            quote(channel(HOSTILE + "c"), speaker(HOSTILE + "s"), text=said, content=HOSTILE),
            text=said, id=f"h{number}", outlet=HOSTILE, title=HOSTILE, url="javascript:alert(1)//", published=START,
        )  # fmt: skip
    with writing(engine) as session:
        session.add(statement := Statement(label=HOSTILE))
        session.flush()
        for id_ in (1, 2):
            session.add(StatementLink(statement_id=statement.id, attribution_id=id_, relation="confirmed"))
        session.add(
            Outcome(statement_id=statement.id, verdict=Verdict.FAILED, day=JULY.date(), note=HOSTILE, link=HOSTILE,
                    reviewer=HOSTILE)
        )  # fmt: skip
        source = session.query(Source).filter_by(name=HOSTILE + "s").one()
        session.add(Assessment(source_id=source.id, grade="F", rationale=HOSTILE, reviewer=HOSTILE))
    run = start_run(engine, version=HOSTILE, models={HOSTILE: HOSTILE}, settings={HOSTILE: 1})
    finish_run(engine, run, {"skipped": [{"location": HOSTILE, "reason": HOSTILE, "message": HOSTILE}]})
    return engine


HOSTILE_REPORTS: dict[str, Build] = {
    **{name: REPORTS[name] for name in ("sources", "channels", "outlets", "unnamed", "run")},
    "source": lambda engine, asked: build.source_report(engine, HOSTILE + "s", asked),
    "channel": lambda engine, asked: build.channel_report(engine, HOSTILE + "c", asked),
    "outlet": lambda engine, asked: build.outlet_report(engine, HOSTILE, asked),
}


@pytest.mark.parametrize("name", HOSTILE_REPORTS)
def test_hostile_text_stays_text_everywhere(name: str, hostile: Engine) -> None:
    report = HOSTILE_REPORTS[name](hostile, Request(JULY, evidence=5))
    text = page(outline(report))
    tree = parsed(text)
    assert not {e.tag for e in tree.iter()} & {"script", "img"}
    assert not [e for e in tree.iter("a") if not e.attrib["href"].startswith("#")]
    plain = "".join(tree.itertext())
    if name != "unnamed":
        assert "<script>alert(1)</script>" in plain
        assert "{{ 7*7 }}" in plain
    drawn = io.StringIO()
    draw(Console(file=drawn, width=100, force_terminal=False, highlight=False), outline(report))
    for form in (text, drawn.getvalue(), markdown(outline(report))):
        assert not {char for char in form if char < " " or "\x7f" <= char <= "\x9f" or char in "\u202e\u2028"} - {"\n"}
    assert "<script" not in markdown(outline(report)).replace("\\<script", "")
    if name != "unnamed":
        assert "[bold]x[/]" in drawn.getvalue().replace("\n", "").replace(" ", "")
    assert json.loads(json.dumps(report.model_dump(mode="json")))["report"] == name


def test_markdown_keeps_text_from_being_markup() -> None:
    assert escaped("a|b") == "a\\|b"
    assert escaped("1. no list") == "1\\. no list"
    assert escaped("- no list") == "\\- no list"
    assert escaped("[x](javascript:y) `z` <b>") == "\\[x\\](javascript:y) \\`z\\` \\<b\\>"
    assert "https://" not in escaped("see https://example.org now")


# The terminal.


@pytest.mark.parametrize("width", [60, 80, 120])
@every
def test_drawing_fits_the_terminal(name: str, width: int, shown: Made) -> None:
    out = io.StringIO()
    draw(Console(file=out, width=width, force_terminal=False, highlight=False), outline(made_report(name, shown)))
    assert max(map(len, out.getvalue().splitlines())) <= width


# CSV.


@every
def test_csv_has_every_figure_once(name: str, shown: Made) -> None:
    report = made_report(name, shown, evidence=0)
    columns, rows = rows_of(report)
    assert rows
    assert all(set(row) <= set(columns) for row in rows)
    if hasattr(report, "rows"):
        assert len(rows) == len(report.rows)
    else:
        figures = [row["figure"] for row in rows]
        assert len(figures) > 5


# The command.


@pytest.fixture
def filled(shown: Made) -> str:
    """Where the filled database is."""
    return shown.engine.url.render_as_string(hide_password=False)


def call(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main([str(word) for word in words])
    out, err = capsys.readouterr()
    assert isinstance(left.value.code, int)
    return left.value.code, out, err


@pytest.mark.parametrize("form", ["terminal", "html", "csv", "json", "md"])
def test_each_format_on_standard_output_and_in_a_file(
    form: str, filled: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["report", "source", "KCNA", "--database", filled, "--as-of", "2025-07-01", "--format", form]
    code, out, err = call(capsys, *words)
    assert (code, err) == (0, "")
    target = tmp_path / f"report.{form}"
    assert call(capsys, *words, "--output", target) == (0, "", "")
    written = target.read_bytes().decode("utf-8")
    assert written.splitlines()[0].strip() == out.splitlines()[0].strip()
    if form != "terminal":  # which is wider in a pipe
        assert written == out


def test_the_environment_may_fix_the_time(
    filled: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["report", "sources", "--json", "--database", filled]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1751328000")
    first, second = call(capsys, *words), call(capsys, *words)
    assert first == second
    assert json.loads(first[1])["as_of"] == "2025-07-01T00:00:00Z"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "noon")
    code, _, err = call(capsys, *words)
    assert (code, "SOURCE_DATE_EPOCH" in err) == (1, True)


def test_options_narrow_a_report_and_are_told_in_it(filled: str, capsys: pytest.CaptureFixture[str]) -> None:
    options = [
        "--since", "2025-03-05", "--until", "2025-03-20", "--outlet", "Eastern Desk", "--kind", "direct", "--reviewed",
        "--confidence-from", "0.3", "--polarity", "asserted",
    ]  # fmt: skip
    _, out, _ = call(capsys, "report", "sources", "--json", *options, "--database", filled)
    scope = json.loads(out)["scope"]
    assert {key: value for key, value in scope.items() if value is not None} == {
        "since": "2025-03-05T00:00:00Z", "until": "2025-03-20T00:00:00Z", "outlet": "Eastern Desk", "kind": "direct",
        "status": "accepted", "confidence_from": 0.3, "polarity": "asserted",
    }  # fmt: skip
    _, out, _ = call(capsys, "report", "sources", *options, "--database", filled)
    assert "from 2025-03-05, before 2025-03-20, in Eastern Desk, only direct, asserted, accepted" in out


def test_the_schema_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = call(capsys, "report", "schema")
    assert json.loads(out) == json_schema()


def test_a_run_or_an_outlet_that_is_not_there_is_named(filled: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = call(capsys, "report", "run", 99, "--database", filled)
    assert (code, "There is no run 99." in err) == (6, True)
    code, _, err = call(capsys, "report", "outlet", "e", "--database", filled)
    assert (code, "Is it one of: Eastern Desk" in err) == (6, True)
    code, _, err = call(capsys, "report", "outlet", "Nowhere", "--database", filled)
    assert (code, "`quotetrack report outlets` lists them" in err) == (6, True)
    assert call(capsys, "report", "outlet", "eastern", "--json", "--database", filled)[0] == 0


def test_nothing_ingested_is_said(engine: Engine) -> None:
    with pytest.raises(NotFoundError, match="Nothing was ingested yet"):
        run_facts(engine, None)


def test_csv_in_a_pipe_can_be_read_back(filled: str, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = call(capsys, "report", "channels", "--csv", "--database", filled)
    rows = list(csv.DictReader(io.StringIO(out)))
    _, listed, _ = call(capsys, "report", "channels", "--json", "--database", filled)
    for row, line in zip(rows, json.loads(listed)["rows"], strict=True):
        assert (row["name"], int(row["carried"]), int(row["unnamed_k"])) == (
            line["name"], line["carried"], line["unnamed"]["k"]
        )  # fmt: skip
