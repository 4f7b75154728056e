"""Whatever two reviewers do, undo and redo: what is stored is what the log makes it, and all can be taken back."""

from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from quotetrack.domain import Kind, Polarity, Span, SpanRole
from quotetrack.errors import ConflictError, InvalidError
from quotetrack.store import decisions
from quotetrack.store.check import check
from quotetrack.store.decisions import Action, ChainFix, NewSource, redo, undo
from quotetrack.store.history import history
from quotetrack.store.queries import get_quote
from quotetrack.store.sources import list_sources
from tests.store.build import SAID, Databases, channel, opened, quote, raw, save, speaker

REVIEWERS = ("hana", "ben")
NAMES = ("Anna Smith", "Kim", "KCNA", "New One")
who = st.sampled_from(REVIEWERS)
item = st.integers(1, 3)
named = st.sampled_from(NAMES)


class Reviewing(RuleBasedStateMachine):
    """Two reviewers on three attributions of one article, and the sources they name."""

    def __init__(self, databases: Databases) -> None:
        super().__init__()
        self.databases = databases
        self.resources = ExitStack()

    @initialize()
    def begin(self) -> None:
        folder = Path(self.resources.enter_context(TemporaryDirectory()))
        self.database = self.resources.enter_context(self.databases.new(folder))
        self.engine = self.resources.enter_context(opened(self.database))
        save(self.engine, *(quote(channel("KCNA"), speaker(name)) for name in ("Anna Smith", "anna smith", "Kim")))
        self.first = self.look()
        self.log: list[Any] = []

    def teardown(self) -> None:
        with self.resources:
            if hasattr(self, "engine"):
                self.take_all_back()

    def look(self) -> list[Any]:
        """All that decisions can change. Versions go up for ever, and so does the number of sources."""
        with raw(self.database) as connection:
            kept = connection.execute(
                "select id, status, kind, polarity, parent_id, duplicate_of_id, content_text from attribution "
                "where id <= 3 order by id"
            ).fetchall()
            kept += connection.execute(
                'select attribution_id, role, start, "end" from attribution_span where attribution_id <= 3 '
                "order by 1, 2, 3"
            ).fetchall()
            kept += connection.execute(
                'select attribution_id, position, role, source_id, name, source_class, start, "end", made_by from hop '
                "where attribution_id <= 3 order by 1, 2"
            ).fetchall()
            kept += connection.execute(
                "select id, name, kind, merged_into_id from source where id <= 3 order by id"
            ).fetchall()
        return kept

    @rule(by=who, id_=item, action=st.sampled_from([Action.ACCEPT, Action.REJECT]))
    def decide(self, by: str, id_: int, action: Action) -> None:
        decisions.decide(self.engine, id_, action, reviewer=by)

    @rule(by=who, id_=item, kind=st.sampled_from(Kind), accept=st.booleans())
    def set_kind(self, by: str, id_: int, kind: Kind, accept: bool) -> None:
        decisions.set_kind(self.engine, id_, kind, reviewer=by, accept=accept)

    @rule(by=who, id_=item, polarity=st.sampled_from(Polarity), second=st.booleans())
    def set_polarity(self, by: str, id_: int, polarity: Polarity, second: bool) -> None:
        self.may_be_refused(lambda: decisions.set_polarity(self.engine, id_, polarity, reviewer=by, second=second))

    @rule(by=who, id_=item, edges=st.sets(st.integers(0, len(SAID)), min_size=2, max_size=4))
    def set_spans(self, by: str, id_: int, edges: set[int]) -> None:
        cut = sorted(edges)
        spans = tuple(Span(a, b) for a, b in zip(cut[::2], cut[1::2], strict=False))
        decisions.set_spans(self.engine, id_, {SpanRole.CONTENT: spans}, reviewer=by)

    @rule(by=who, id_=item, name=named, everywhere=st.booleans())
    def set_speaker(self, by: str, id_: int, name: str, everywhere: bool) -> None:
        fix = ChainFix((name,), only_speaker=True, new=NewSource())
        if everywhere:
            decisions.fix_all(self.engine, id_, fix, reviewer=by)
        else:
            decisions.fix_chain(self.engine, id_, fix, reviewer=by)

    @rule(by=who, above=st.sampled_from([0.1, 0.9]))
    def accept_all(self, by: str, above: float) -> None:
        decisions.accept_all(self.engine, 1, above, reviewer=by)

    @rule(by=who, id_=item, other=item)
    def nest(self, by: str, id_: int, other: int) -> None:
        self.may_be_refused(lambda: decisions.nest(self.engine, id_, other, reviewer=by))

    @rule(by=who, id_=item, other=item)
    def duplicate(self, by: str, id_: int, other: int) -> None:
        self.may_be_refused(lambda: decisions.duplicate(self.engine, id_, other, reviewer=by))

    @rule(by=who)
    def add(self, by: str) -> None:
        decisions.add(self.engine, 1, {SpanRole.CONTENT: (Span(0, 4),)}, reviewer=by)

    @rule(by=who, id_=item)
    def note(self, by: str, id_: int) -> None:
        decisions.add_note(self.engine, id_, "a note", reviewer=by)

    @rule(by=who, name=named, into=named)
    def merge(self, by: str, name: str, into: str) -> None:
        if {name, into} <= {source.name for source in list_sources(self.engine)}:
            self.may_be_refused(lambda: decisions.merge(self.engine, name, into, reviewer=by))

    @rule(by=who, again=st.integers(1, 3))
    def undo(self, by: str, again: int) -> None:
        for _ in range(again):
            self.may_be_refused(lambda: undo(self.engine, reviewer=by))

    @rule(by=who, again=st.integers(1, 3))
    def redo(self, by: str, again: int) -> None:
        for _ in range(again):
            self.may_be_refused(lambda: redo(self.engine, reviewer=by))

    def may_be_refused(self, act: Any) -> None:
        before = self.look()
        try:
            act()
        except (ConflictError, InvalidError):
            assert self.look() == before

    @invariant()
    def what_is_stored_is_what_the_log_makes_it(self) -> None:
        if hasattr(self, "engine"):
            assert check(self.engine) == []
            log = history(self.engine, limit=10_000)[::-1]
            known = [(row.id, row.action, row.before, row.after) for row in log]
            assert known[: len(self.log)] == self.log
            self.log = known

    def take_all_back(self) -> None:
        done = True
        while done:
            done = False
            for by in REVIEWERS:
                try:
                    done = undo(self.engine, reviewer=by) is not None or done
                except ConflictError:
                    continue
        assert check(self.engine) == []
        assert self.look() == self.first
        assert all(get_quote(self.engine, id_).status == "pending" for id_ in (1, 2, 3))


def test_reviewing(databases: Databases) -> None:
    run_state_machine_as_test(
        lambda: Reviewing(databases),  # type: ignore[arg-type]
        settings=settings(
            max_examples=12 if databases.server is None else 3,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
