"""Analysing again with other models: what a person decided stays, the rest is replaced."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotetrack.domain import Article, Attribution, Kind, Span, SpanRole
from quotetrack.errors import ConflictError, NotFoundError, QuotetrackError
from quotetrack.store.check import check
from quotetrack.store.decisions import Action, add, decide, duplicate, nest, set_kind, set_spans, undo
from quotetrack.store.decisions.state import State, states_of
from quotetrack.store.engine import Engine, reading, writing
from quotetrack.store.history import history
from quotetrack.store.models import StatementPair
from quotetrack.store.queries import get_quote
from quotetrack.store.reextract import Replaced, Wanted, count_articles, replace_attributions, stored_articles
from quotetrack.store.save import start_run
from tests.store.build import at, everything, new_database, opened, quote, save, speaker

TEXT = "Ada Lorne said the quay was shut. Ben Ash denied it. Cal Dow said that Ada Lorne had left, and wept."
QUAY, DENIAL, LEFT, WEPT = "the quay was shut", "it", "that Ada Lorne had left", "and wept"


def said(content: str, name: str = "Ada Lorne") -> Attribution:
    return replace(quote(speaker(name), text=TEXT, content=content), cue=(at(TEXT, "said"),))


def again(engine: Engine, *found: Attribution) -> Replaced:
    """Analyse the one article again, and find this."""
    ((article_id, article),) = stored_articles(engine, Wanted())
    run = start_run(engine, version="9", models={"tagger": "newer"}, settings={})
    done = replace_attributions(engine, article_id, article, found, run)
    assert check(engine) == []
    return done


def contents(engine: Engine) -> dict[int, str]:
    return {row.id: row.content for row in everything(engine)}


def test_the_same_again_changes_nothing(engine: Engine) -> None:
    save(engine, said(QUAY), said(LEFT, "Cal Dow"), text=TEXT)
    before = everything(engine)
    assert again(engine, said(QUAY), said(LEFT, "Cal Dow")) == Replaced(same=2)
    assert everything(engine) == before


def test_what_nobody_decided_on_is_replaced_in_its_place(engine: Engine) -> None:
    save(engine, said(QUAY), said(WEPT), text=TEXT)
    first, second = sorted(contents(engine))
    assert again(engine, replace(said(QUAY), kind=Kind.MIXED), said(LEFT, "Cal Dow")) == Replaced(
        changed=1, added=1, dropped=1
    )
    found = {row.id: row for row in everything(engine)}
    assert second not in found
    assert (found[first].kind, found[first].version) == (Kind.MIXED, 2)
    assert sorted(contents(engine).values()) == sorted([QUAY, LEFT])


def test_a_wider_content_is_the_same_attribution(engine: Engine) -> None:
    save(engine, said(QUAY), text=TEXT)
    (before,) = contents(engine)
    assert again(engine, said(QUAY.removeprefix("the "))) == Replaced(changed=1)
    assert contents(engine) == {before: "quay was shut"}


@pytest.mark.parametrize("action", [Action.ACCEPT, Action.REJECT])
def test_a_decided_one_stays_and_keeps_its_place(engine: Engine, action: Action) -> None:
    save(engine, said(QUAY), text=TEXT)
    (one,) = contents(engine)
    decide(engine, one, action, reviewer="hana")
    before = get_quote(engine, one)
    assert again(engine, replace(said(QUAY), kind=Kind.DIRECT)) == Replaced(kept=1)
    assert everything(engine) == [before]


def test_a_decided_one_stays_where_nothing_is_found_any_more(engine: Engine) -> None:
    save(engine, said(QUAY), text=TEXT)
    (one,) = contents(engine)
    set_kind(engine, one, Kind.REPORTED, reviewer="hana")
    assert again(engine) == Replaced(kept=1)
    assert get_quote(engine, one).kind is Kind.REPORTED


def test_one_taken_back_and_one_judged_a_second_time_were_decided_on_too(engine: Engine) -> None:
    save(engine, said(QUAY), said(LEFT), said(WEPT), text=TEXT)
    one, other, third = sorted(contents(engine))
    decide(engine, one, Action.ACCEPT, reviewer="hana")
    undo(engine, reviewer="hana")
    decide(engine, other, Action.ACCEPT, reviewer="hana")
    decide(engine, other, Action.REJECT, reviewer="ben", second=True)
    assert again(engine) == Replaced(kept=2, dropped=1)
    assert sorted(contents(engine)) == [one, other]
    assert third not in contents(engine)


def test_what_a_decided_one_points_at_stays(engine: Engine) -> None:
    save(engine, said(QUAY), said(LEFT), said(WEPT), text=TEXT)
    one, other, third = sorted(contents(engine))
    nest(engine, one, other, reviewer="hana")
    duplicate(engine, other, third, reviewer="hana")
    assert again(engine) == Replaced(kept=3)


def test_one_that_a_reviewer_added_is_not_found_twice(engine: Engine) -> None:
    save(engine, text=TEXT, id="a")
    ((article_id, _),) = stored_articles(engine, Wanted())
    add(engine, article_id, {SpanRole.CONTENT: (at(TEXT, QUAY),)}, reviewer="hana")
    assert again(engine, said(QUAY)) == Replaced(kept=1)


def test_a_pair_that_a_reviewer_related_keeps_its_sides(engine: Engine) -> None:
    save(engine, said(QUAY), said(LEFT), said(WEPT), text=TEXT)
    one, other, third = sorted(contents(engine))
    with writing(engine) as session:
        session.add(StatementPair(first_id=one, second_id=other, suggested="tension", score=0.5, relation="tension"))
        session.add(StatementPair(first_id=other, second_id=third, suggested="tension", score=0.5))
    assert again(engine) == Replaced(kept=2, dropped=1)
    with reading(engine) as session:
        assert [(p.first_id, p.second_id) for p in session.query(StatementPair)] == [(one, other)]


def test_a_decision_on_what_has_been_replaced_is_refused(engine: Engine) -> None:
    save(engine, said(QUAY), said(WEPT), text=TEXT)
    one, other = sorted(contents(engine))
    shown = get_quote(engine, one).version
    again(engine, replace(said(QUAY), kind=Kind.MIXED))
    with pytest.raises(ConflictError, match="analysed again by other models"):
        decide(engine, one, Action.ACCEPT, reviewer="hana", version=shown)
    with pytest.raises(NotFoundError):
        decide(engine, other, Action.ACCEPT, reviewer="hana", version=1)
    assert history(engine) == []


def test_new_ones_are_nested_in_what_stands_in_their_parents_place(engine: Engine) -> None:
    save(engine, said(LEFT, "Cal Dow"), text=TEXT)
    (outer,) = contents(engine)
    set_kind(engine, outer, Kind.REPORTED, reviewer="hana")
    inner = replace(said("Ada Lorne had left"), parent=0)
    again(engine, replace(said(LEFT, "Cal Dow"), confidence=0.9), replace(inner, content=(Span(90, 98),)))
    new = max(contents(engine))
    with reading(engine) as session:
        assert states_of(session, [new])[new].parent_id == outer


def test_only_what_other_models_made_is_chosen(engine: Engine) -> None:
    save(engine, said(QUAY), text=TEXT, outlet="Eastern Desk")
    made = ("9", {"tagger": "newer"})
    assert count_articles(engine, Wanted(but_made_by=made)) == 1
    again(engine, said(QUAY))
    assert count_articles(engine, Wanted(but_made_by=made)) == 0
    assert count_articles(engine, Wanted(but_made_by=("10", made[1]))) == 1
    assert count_articles(engine, Wanted(outlet="eastern desk")) == 1
    assert count_articles(engine, Wanted(outlet="Western Desk")) == 0


def test_each_stored_article_is_told_from_the_others(engine: Engine) -> None:
    known: list[dict[str, object]] = [
        {"id": "a"}, {"id": "b"}, {"id": "a", "outlet": "East"}, {"url": "https://example.org/1"}, {},
    ]  # fmt: skip
    for one in known:
        save(engine, said(QUAY), text=TEXT, **one)
    save(engine, said(QUAY), text=TEXT + " More.", id="a")
    found = list(stored_articles(engine, Wanted()))
    assert len(found) == len(known)
    assert len({(article.key, article.sha256) for _, article in found}) == len(known)
    assert {article.text for _, article in found} == {TEXT, TEXT + " More."}


places = st.tuples(st.integers(0, 80), st.integers(1, 20)).map(lambda pair: Span(pair[0], pair[0] + pair[1]))
findings = st.lists(
    st.builds(
        lambda content, kind, name: Attribution((content,), kind=kind, chain=(speaker(name),), confidence=0.5),
        places,
        st.sampled_from(list(Kind)),
        st.sampled_from(["Ada Lorne", "Ben Ash"]),
    ),
    max_size=6,
).map(lambda found: [replace(one, parent=0) if number % 3 == 2 else one for number, one in enumerate(found)])


@settings(max_examples=40, deadline=None)
@given(findings, st.lists(st.tuples(st.integers(0, 5), st.sampled_from("arsn")), max_size=6), findings, findings)
def test_whatever_is_found_again_decisions_stay(
    first: list[Attribution], acts: list[tuple[int, str]], second: list[Attribution], third: list[Attribution]
) -> None:
    with TemporaryDirectory() as folder, opened(new_database(Path(folder, "news.sqlite"))) as engine:
        save(engine, *first, text=TEXT)
        ids = sorted(contents(engine))
        for number, act in acts:
            if number < len(ids):
                _do(engine, act, ids[number], ids[0])
        decided = {row.attribution_id for row in history(engine)} - {None}
        before = _states(engine)
        log = history(engine)
        for found in (second, third):
            again(engine, *found)
        after = _states(engine)
        assert {i: before[i] for i in decided if i is not None} == {i: after[i] for i in decided if i is not None}
        assert history(engine) == log


def _do(engine: Engine, act: str, one: int, other: int) -> None:
    try:
        if act in "ar":
            decide(engine, one, Action.ACCEPT if act == "a" else Action.REJECT, reviewer="hana")
        elif act == "s":
            set_spans(engine, one, {SpanRole.CONTENT: (Span(3, 9),)}, reviewer="hana")
        else:
            nest(engine, one, other, reviewer="hana")
    except QuotetrackError:  # nested in itself, or the same again
        pass


def _states(engine: Engine) -> dict[int, State]:
    with reading(engine) as session:
        return states_of(session, contents(engine))


def test_an_article_that_is_gone_is_told(engine: Engine) -> None:
    with pytest.raises(NotFoundError, match="no article 7"):
        replace_attributions(engine, 7, Article(TEXT, "a"), [], None)
