"""Reading gold and predictions: what is good is read to the letter, what is bad is named by file and line."""

import json
from pathlib import Path
from typing import Any

import pytest

from quotetrack.domain import Kind, Polarity, SourceClass, Span, SpanRole
from quotetrack.evaluation.gold import Form, GoldError, Speaker
from quotetrack.evaluation.lines import read_lines
from quotetrack.evaluation.polnear import is_polnear, read_polnear
from quotetrack.evaluation.predictions import read_predictions
from quotetrack.evaluation.reviewed import gold_of
from quotetrack.store.decisions import Action, decide, rename
from quotetrack.store.engine import Engine
from quotetrack.store.gold import reviewed_articles
from tests.evaluation.build import BRIDGE, BRIDGE_FOUND, FOUND, GOLD, MARKET, gold_file, pieces, polnear, predictions
from tests.store.build import Told, channel, everything, opened, quote, save, speaker

# PolNeAR.


def test_a_compartment_is_read(tmp_path: Path) -> None:
    gold = read_polnear(polnear(tmp_path))
    assert (gold.form, [a.name for a in gold.articles]) == (Form.POLNEAR, ["gazette_bridge", "gazette_market"])
    bridge, market = gold.articles
    assert (bridge.text, market.text) == (BRIDGE, MARKET)
    assert [len(article.attributions) for article in gold.articles] == [5, 3]  # the first annotator's; none is torn
    split = bridge.attributions[1]
    assert [span.of(BRIDGE) for span in split.content] == ["“It is safe,”", "“We tested it twice.”"]
    assert [span.of(BRIDGE) for span in (*split.cue, *split.source)] == ["added", "she"]
    assert (split.kind, split.polarity, split.speaker, split.chains) == (None, None, None, None)
    assert market.attributions[2].source == ()
    assert len(gold.first(1).articles) == 1
    assert gold.first(None) is gold


def test_numbered_contents_and_a_text_without_an_annotator(tmp_path: Path) -> None:
    (tmp_path / "text").mkdir()
    (tmp_path / "attributions").mkdir()
    (tmp_path / "text" / "a_b.txt").write_bytes(b"\xef\xbb\xbfOne two\r\nthree four")
    (tmp_path / "attributions" / "a_b.ann").write_bytes(
        b"T1\tContent 0 3\tOne\r\nT2\tContent 9 14;15 19\tthree four\r\nE1\tContent:T1 Content2:T2 Attribution:T7"
        b"\nE2\tCue:T1\nE3\tContent-no:T1"
    )
    assert is_polnear(tmp_path)
    [article] = read_polnear(tmp_path).articles
    [found] = article.attributions
    assert [span.of(article.text) for span in found.content] == ["One", "three", "four"]


def test_offsets_outside_the_text_and_missing_files_are_named(tmp_path: Path) -> None:
    folder = polnear(tmp_path)
    (folder / "text" / "gazette_bridge.txt").write_text("Too short.")
    with pytest.raises(GoldError, match=r"gazette_bridge_aa11\.ann:1: .* is no span of the text"):
        read_polnear(folder)
    (folder / "text" / "gazette_bridge.txt").unlink()
    with pytest.raises(GoldError, match=r"gazette_bridge\.txt cannot be read: No such file"):
        read_polnear(folder)
    for path in (folder / "attributions").iterdir():
        path.unlink()
    with pytest.raises(GoldError, match="no attributions"):
        read_polnear(folder)


# JSON Lines.


def test_lines_are_read(tmp_path: Path) -> None:
    gold = read_lines(gold_file(tmp_path))
    [article] = gold.articles
    assert (gold.form, article.name, article.text) == (Form.JSONL, "bridge", BRIDGE)
    first, second, third, _, fifth, _ = article.attributions
    assert first.speaker == Speaker(("Anna Smith", "Smith"), SourceClass.OFFICIAL)
    assert [len(reading) for reading in second.readings] == [1, 2]
    assert third.borderline
    assert (fifth.kind, fifth.polarity, fifth.parent) == (Kind.REPORTED, Polarity.NEGATED, "A4")
    assert (fifth.chains, fifth.stated) == (((("Harbour Gazette",),),), True)
    assert [(d.id, d.content[0].of(BRIDGE)) for d in article.distractors] == [
        ("D1", "to comment on the budget"), ("D2", "Mayor"),
    ]  # fmt: skip


def test_an_inferred_chain_may_be_left_out_and_an_agentless_one_has_tolerated_names(tmp_path: Path) -> None:
    line = {**GOLD[0], "channels": ["TASS"], "chain_inferred": True, "alt": {"chain": [["KCNA", "TASS"]]}}
    line |= {"speaker": None, "speaker_class": "agentless"}
    [article] = read_lines(gold_file(tmp_path, [line])).articles
    [found] = article.attributions
    assert found.chains == ((("TASS",),), (("KCNA",), ("TASS",)), ())
    assert not found.stated
    assert found.speaker == Speaker((), SourceClass.AGENTLESS, ("Smith",))


def test_texts_are_looked_for_in_three_places(tmp_path: Path) -> None:
    path = gold_file(tmp_path)
    text = path.parent / "bridge.txt"
    (tmp_path / "articles").mkdir()
    text.rename(tmp_path / "articles" / "bridge.txt")
    assert read_lines(path).articles[0].text == BRIDGE
    (tmp_path / "else").mkdir()
    with pytest.raises(GoldError, match=r"gold\.jsonl:1: there is no text bridge\.txt in .*else"):
        read_lines(path, tmp_path / "else")
    (tmp_path / "articles" / "bridge.txt").rename(tmp_path / "else" / "bridge.txt")
    assert read_lines(path, tmp_path / "else").articles[0].text == BRIDGE
    with pytest.raises(GoldError, match="articles"):
        read_lines(path)


def bad(**changes: Any) -> dict[str, Any]:
    return {**GOLD[1], "parent": None, **changes}


BAD_LINES = {
    "another text": (bad(content=[{"start": 0, "end": 5, "text": "Maior"}]), "at 0-5 stands 'Mayor', not 'Maior'"),
    "outside": (bad(cue=[{"start": 9, "end": 9999, "text": "x"}]), "9-9999 is no span"),
    "empty": (bad(cue=[{"start": 9, "end": 9, "text": ""}]), "9-9 is no span"),
    "negative": (bad(cue=[{"start": -1, "end": 9, "text": ""}]), r"cue\.0\.start is wrong"),
    "no content": (bad(content=[]), "content is wrong"),
    "kind": (bad(kind="loud"), "kind is wrong"),
    "class": (bad(speaker_class="ghost"), "speaker_class is wrong"),
    "record": (bad(record="quote"), "record is wrong"),
    "file": (bad(file="../bridge.txt"), "file is wrong"),
    "no id": ({key: value for key, value in GOLD[1].items() if key != "id"}, "id is wrong"),
    "id twice": (bad(id="A1"), "the id 'A1' is used before, at .*:1"),
    "parent": (bad(parent="A99"), "its parent 'A99' is no attribution"),
    "alternative": (
        bad(alt={"content": [[{"start": 0, "end": 1, "text": "x"}]]}), "at 0-1 stands 'M', not 'x'",
    ),
    "no object": ([], "the line is wrong"),
}  # fmt: skip


@pytest.mark.parametrize(("line", "message"), BAD_LINES.values(), ids=BAD_LINES)
def test_a_bad_line_is_named(line: Any, message: str, tmp_path: Path) -> None:
    with pytest.raises(GoldError, match=rf"gold\.jsonl:2: {message}"):
        read_lines(gold_file(tmp_path, [GOLD[0], line]))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "holds no gold"),
        (b"\n\n", "holds no gold"),
        (b"{", ":1: it is not one whole JSON object"),
        (b"\n\xff\n", ":2: byte 0 is not UTF-8"),
        (b"[" * 100_000, ":1: it is not one whole JSON object"),
    ],
)
def test_a_bad_file_is_named(data: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_bytes(data)
    with pytest.raises(GoldError, match=message):
        read_lines(path)
    with pytest.raises(GoldError, match="cannot be read: No such file"):
        read_lines(tmp_path / "nowhere.jsonl")


# Predictions.


def test_predictions_are_read(tmp_path: Path) -> None:
    gold = read_lines(gold_file(tmp_path))
    read = read_predictions(predictions(tmp_path / "found", {**BRIDGE_FOUND, "other": []}), gold, ())
    assert (read.unknown, read.absent) == (1, ())
    last = read.found["bridge"][4]
    assert ([hop.name for hop in last.channels], last.speaker and last.speaker.name) == (
        ["The Harbour Gazette"], "Korean Central News Agency",
    )  # fmt: skip
    assert (last.kind, last.confidence, last.content[0].of(BRIDGE)) == ("reported", 0.5, "of\nnew costs for the port")


def test_articles_may_be_absent_or_left_out(tmp_path: Path) -> None:
    gold = read_polnear(polnear(tmp_path))
    some = predictions(tmp_path / "found", {"gazette_market": FOUND["gazette_market"]})
    read = read_predictions(some, gold, ())
    assert (read.absent, read.unknown) == (("gazette_bridge",), 0)
    every = predictions(tmp_path / "found")
    first = gold.first(1)
    assert read_predictions(every, first, {"gazette_bridge", "gazette_market"}).unknown == 0
    assert read_predictions(every, first, ()).unknown == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": 7}, ":1: format 7 is not known"),
        ({"attributions": [{"content": [[0, 9999]]}]}, r":1: attributions\.0\.kind is wrong"),
        ({"id": "nobody"}, "holds no article of"),
        ({"attributions": None}, ":1: attributions is wrong"),
    ],
)
def test_bad_predictions_are_named(change: dict[str, Any], message: str, tmp_path: Path) -> None:
    gold = read_lines(gold_file(tmp_path))
    path = tmp_path / "found.jsonl"
    path.write_text(json.dumps({"format": 1, "id": "bridge", "attributions": BRIDGE_FOUND["bridge"], **change}))
    with pytest.raises(GoldError, match=message):
        read_predictions(path, gold, ())


def test_predictions_for_another_text_and_articles_given_twice(tmp_path: Path) -> None:
    gold = read_lines(gold_file(tmp_path))
    beyond = {"bridge": [{**BRIDGE_FOUND["bridge"][0], "cue": [[1, 9999]]}]}
    with pytest.raises(GoldError, match=r"found:1: 1-9999 is no span of the text"):
        read_predictions(predictions(tmp_path / "found", beyond), gold, ())
    path = predictions(tmp_path / "found", BRIDGE_FOUND)
    path.write_text(path.read_text() * 2)
    with pytest.raises(GoldError, match=r"found:2: the article 'bridge' comes twice"):
        read_predictions(path, gold, ())


# A reviewed database.


def test_only_articles_with_nothing_left_to_decide_are_gold(engine: Engine, home: Path) -> None:
    text = "Anna said that the bridge would open. Bob denied it."
    said, denied = (
        quote(channel("KCNA"), speaker("Anna"), text=text, content="the bridge would open"),
        quote(speaker("Bob"), text=text, content="it"),
    )
    save(engine, said, denied, text=text, id="1")
    save(engine, said, denied, text=text, id="2")
    save(engine, text="Nothing is said here at all.", id="3")
    one, two, *_ = everything(engine)
    decide(engine, one.id, Action.ACCEPT, reviewer="hana")
    assert reviewed_articles(engine) == ()
    with pytest.raises(GoldError, match="no article of which every attribution has been decided"):
        gold_of(reviewed_articles(engine), "the database")
    decide(engine, two.id, Action.REJECT, reviewer="hana")
    rename(engine, "Anna", "Anna Smith", reviewer="ada")
    [article] = gold_of(reviewed_articles(engine), "the database").articles
    [accepted], [rejected] = article.attributions, article.distractors
    assert (accepted.content, rejected.content) == ((Span(15, 36),), (Span(49, 51),))
    assert accepted.speaker is not None
    assert set(accepted.speaker.names) == {"Anna Smith", "Anna"}
    assert accepted.speaker.names[0] == "Anna Smith"
    assert accepted.chains is not None
    [[kcna]] = accepted.chains
    assert kcna[0] == "KCNA"
    assert "Korean Central News Agency" in kcna
    assert accepted.stated


def test_what_reviewers_left_in_a_filled_database(home: Path, record: list[Told]) -> None:
    due: dict[int, list[Told]] = {}
    for told in record:
        due.setdefault(told.article, []).append(told)
    decided = {article: told for article, told in due.items() if all(t.status != "pending" for t in told)}
    assert decided
    with opened(home / "news.sqlite") as engine:
        found = reviewed_articles(engine)
    assert [article.id for article in found] == sorted(decided)
    for article in found:
        assert [(a.id, a.accepted) for a in article.attributions] == [
            (t.id, t.status == "accepted") for t in decided[article.id]
        ]
        for row, t in zip(article.attributions, decided[article.id], strict=True):
            assert row.spans[SpanRole.CONTENT][0].of(article.text) == t.text
            assert [hop.names[0] for hop in row.hops] == list(t.names)


def test_articles_of_one_name_are_told_apart(engine: Engine) -> None:
    for number in (1, 2):
        save(engine, quote(speaker("Anna")), id=str(number))
    for row in everything(engine):
        decide(engine, row.id, Action.ACCEPT, reviewer="hana")
    assert [article.name for article in gold_of(reviewed_articles(engine), "").articles] == ["article", "article #2"]


def test_pieces_know_their_text() -> None:
    assert pieces(BRIDGE, "Mayor") == [{"start": 0, "end": 5, "text": "Mayor"}]


def test_an_older_version_of_an_article_is_no_gold(engine: Engine) -> None:
    old, new = "Anna said that it was so, at noon.", "Anna said that it was not so, at noon."
    save(engine, quote(speaker("Anna"), text=old), text=old, id="1")
    [row] = everything(engine)
    decide(engine, row.id, Action.ACCEPT, reviewer="hana")
    assert [article.text for article in reviewed_articles(engine)] == [old]
    save(engine, quote(speaker("Anna"), text=new), text=new, id="1")
    assert reviewed_articles(engine) == ()
