"""What a reviewer may decide about one attribution. Each act is one transaction; none knows of any screen.

Every function takes, besides what it is about, the options of `How`, and raises ConflictError if the attribution is
no longer at the version that the reviewer saw, InvalidError if what is asked for breaks a rule, and NotFoundError if
something named is not stored. An edit also accepts the attribution unless told otherwise.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Required, TypedDict, Unpack
from uuid import uuid4

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from quotetrack.domain import HopRole, Kind, Polarity, SourceClass, SourceKind, Span, SpanRole, Spans, Status, text_of
from quotetrack.errors import ConflictError, InvalidError, NotFoundError
from quotetrack.sources.catalogue import fold
from quotetrack.store.acts import STATUS, Action
from quotetrack.store.decisions.record import Decided, now_of, record, row_of, text_of_article
from quotetrack.store.decisions.second import basis, opinion_so_far
from quotetrack.store.decisions.source_edits import NewSource, make_source
from quotetrack.store.decisions.state import State, check_rules, insert_state
from quotetrack.store.engine import writing
from quotetrack.store.models import ArticleVersion, AttributionRow, Source, SourceAlias
from quotetrack.store.names import KIND_OF_CLASS
from quotetrack.store.queries import HopView
from quotetrack.store.ranks import rank
from quotetrack.store.sources import find_source, survivor

CLASS_OF_KIND = {
    SourceKind.PERSON: SourceClass.PERSON,
    SourceKind.NEWS_AGENCY: SourceClass.MEDIA,
    SourceKind.OUTLET: SourceClass.MEDIA,
    SourceKind.PLATFORM: SourceClass.MEDIA,
    SourceKind.GROUP: SourceClass.COLLECTIVE,
    SourceKind.UNNAMED: SourceClass.UNNAMED,
    SourceKind.DOCUMENT: SourceClass.DOCUMENT,
    SourceKind.UNKNOWN: SourceClass.PERSON,
}
"""How a source speaks if nothing else is known of it; those left out are institutions."""
MADE_BY = "reviewer"


class How(TypedDict, total=False):
    """By whom and on what grounds an act is done."""

    reviewer: Required[str]
    version: int | None
    """The version that the reviewer saw; left out, whatever is stored is decided on."""
    note: str | None
    accept: bool
    """Whether an edit also accepts; it does unless this is False."""
    second: bool
    """Whether this is an independent second opinion: it is logged and changes nothing."""


Change = Callable[[Session, AttributionRow, State], State]
"""From a state to another."""


def act(engine: Engine, attribution_id: int, action: Action, change: Change, **how: Unpack[How]) -> Decided:
    """One decision in one transaction."""
    with writing(engine) as session:
        return act_in(session, attribution_id, action, change, None, **how)


def act_in(
    session: Session, attribution_id: int, action: Action, change: Change, batch: str | None, **how: Unpack[How]
) -> Decided:
    """One decision within a transaction; `batch` is what it shares with others of the same act."""
    second = how.get("second", False)
    row = row_of(session, attribution_id, None if second else how.get("version"))
    before = basis(session, row, how["reviewer"]) if second else now_of(session, row)
    after = change(session, row, before)
    return record(
        session, row, action, before, after, reviewer=how["reviewer"], note=how.get("note"), batch=batch,
        second=second, moves=action is not Action.NOTE,
    )  # fmt: skip


def _edited(state: State, how: How) -> State:
    """An edited state, accepted unless told otherwise. What is accepted is no duplicate."""
    return replace(state, status=Status.ACCEPTED, duplicate_of=None) if how.get("accept", True) else state


def decide(engine: Engine, attribution_id: int, action: Action, **how: Unpack[How]) -> Decided:
    """Accept or reject. The note of a rejection is its reason."""
    status = STATUS[action]
    return act(
        engine, attribution_id, action, lambda _s, _r, now: replace(now, status=status, duplicate_of=None), **how
    )


def set_kind(engine: Engine, attribution_id: int, kind: Kind, **how: Unpack[How]) -> Decided:
    return act(
        engine, attribution_id, Action.SET_KIND, lambda _s, _r, now: _edited(replace(now, kind=kind), how), **how
    )


def set_polarity(engine: Engine, attribution_id: int, polarity: Polarity, **how: Unpack[How]) -> Decided:
    def change(_session: Session, _row: AttributionRow, now: State) -> State:
        return _edited(replace(now, polarity=polarity), how)

    return act(engine, attribution_id, Action.SET_POLARITY, change, **how)


def set_spans(engine: Engine, attribution_id: int, spans: Mapping[SpanRole, Spans], **how: Unpack[How]) -> Decided:
    """Replace the content, the cue or the source mention; a role not given stays. `pieces` has the edits of pieces."""

    def change(_session: Session, _row: AttributionRow, now: State) -> State:
        return _edited(now.with_spans(spans), how)

    return act(engine, attribution_id, Action.SET_SPANS, change, **how)


@dataclass(frozen=True, slots=True)
class ChainFix:
    """What a chain is to become. Sources are given by name, alias or `#ID`."""

    names: tuple[str, ...]
    """From the outermost channel to the speaker."""
    has_speaker: bool = True
    """Whether the last is the speaker; else all are channels, and nobody is named."""
    only_speaker: bool = False
    """Whether the channels stay as they are, and `names` is the speaker alone."""
    new: NewSource | Mapping[str, NewSource] | None = None
    """What to make of a name that nothing has, of any or of each; without it such a name is an error."""

    @property
    def action(self) -> Action:
        return Action.SET_SPEAKER if self.only_speaker else Action.SET_CHAIN


def set_speaker(
    engine: Engine, attribution_id: int, name: str, *, new: NewSource | None = None, **how: Unpack[How]
) -> Decided:
    """Say who speaks; the channels stay. With `new`, a name that nothing has becomes a source in the same act."""
    return fix_chain(engine, attribution_id, ChainFix((name,), only_speaker=True, new=new), **how)


def set_chain(
    engine: Engine, attribution_id: int, names: Sequence[str], *, has_speaker: bool = True,
    new: NewSource | None = None, **how: Unpack[How],
) -> Decided:  # fmt: skip
    """Say through whom it came, from the outermost channel to the speaker."""
    return fix_chain(engine, attribution_id, ChainFix(tuple(names), has_speaker, new=new), **how)


def fix_chain(engine: Engine, attribution_id: int, fix: ChainFix, **how: Unpack[How]) -> Decided:
    with writing(engine) as session:
        return fix_in(session, attribution_id, fix, None, **how)


def fix_in(session: Session, attribution_id: int, fix: ChainFix, batch: str | None, **how: Unpack[How]) -> Decided:
    shared = batch or uuid4().hex  # what makes a source is a decision of its own

    def change(session: Session, row: AttributionRow, now: State) -> State:
        return _edited(fixed(session, row.article_id, now, fix, how["reviewer"], shared), how)

    return act_in(session, attribution_id, fix.action, change, shared, **how)


def fixed(session: Session, article_id: int, now: State, fix: ChainFix, reviewer: str, batch: str) -> State:
    """The state with its chain mended; makes the sources that `fix.new` is for."""
    if not fix.names and fix.has_speaker:
        raise InvalidError("A chain needs a name. Give one, or say that nobody is named.")
    kept = {hop.source_id: hop for hop in now.hops}
    old = now.speaker
    text = ""
    hops = [hop for hop in now.hops if hop.role is HopRole.CHANNEL] if fix.only_speaker else []
    for position, name in enumerate(fix.names):
        new = fix.new.get(name) if isinstance(fix.new, Mapping) else fix.new
        source = _source(session, name, new, reviewer, batch)
        role = HopRole.SPEAKER if fix.has_speaker and position == len(fix.names) - 1 else HopRole.CHANNEL
        if (hop := kept.get(source.id)) is not None:
            hops.append(replace(hop, role=role))
            continue
        text = text or text_of_article(session, article_id)
        names = session.scalars(select(SourceAlias.name).where(SourceAlias.source_id == source.id)).all()
        mention = mention_of(text, [source.name, *names], near=now.content[0].start)
        as_was = old.source_class if role is HopRole.SPEAKER and old else None
        hops.append(HopView(role, source.name, _class_of(source, as_was), mention, MADE_BY, source_id=source.id))
    return replace(now, hops=tuple(hops))


def _source(session: Session, name: str, new: NewSource | None, reviewer: str, batch: str) -> Source:
    if new is None:
        return find_source(session, name)
    if name.startswith("#"):
        return find_source(session, name)
    known = session.scalar(select(Source).join(SourceAlias).where(SourceAlias.folded == fold(name)))
    return survivor(session, known) if known else make_source(session, name, new, reviewer=reviewer, batch=batch)


def _class_of(source: Source, as_was: SourceClass | None) -> SourceClass:
    """The class of a hop that a reviewer put in: the one that stood there if it fits the source, else by its kind."""
    kind = SourceKind(source.kind)
    if as_was is not None and (kind is SourceKind.UNKNOWN or KIND_OF_CLASS[as_was] is kind):
        return as_was
    return CLASS_OF_KIND.get(kind, SourceClass.INSTITUTION)


def mention_of(text: str, names: Sequence[str], *, near: int) -> Span | None:
    """Where the text has one of these names as whole words, nearest to an offset."""
    places = []
    for name in names:
        start = text.find(name)
        while start >= 0 and name:
            end = start + len(name)
            if not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()):
                places.append(Span(start, end))
            start = text.find(name, start + 1)
    return min(places, key=lambda span: (abs(span.start - near), -len(span)), default=None)


def add(
    engine: Engine, article_id: int, spans: Mapping[SpanRole, Spans], *, chain: ChainFix | None = None,
    kind: Kind = Kind.INDIRECT, polarity: Polarity = Polarity.ASSERTED, parent_id: int | None = None,
    reviewer: str, note: str | None = None,
) -> Decided:  # fmt: skip
    """Add an attribution that was missed; it is accepted. Undoing withdraws it, and nothing is deleted."""
    with writing(engine) as session:
        article = session.get(ArticleVersion, article_id)
        if article is None:
            raise NotFoundError(f"There is no article {article_id}. `quotetrack quotes --json` names them.")
        empty = State(Status.WITHDRAWN, kind, polarity, parent_id, None, (), (), (), ()).with_spans(spans)
        check_rules(empty, article.text)
        batch = uuid4().hex
        before = fixed(session, article_id, empty, chain, reviewer, batch) if chain else empty
        check_rules(before, article.text)
        row = AttributionRow(
            article_id=article_id, kind=kind, polarity=polarity, confidence=1.0, made_by=MADE_BY,
            content_text=text_of(before.content, article.text), dated=article.dated, rank=rank(1.0, 0, 1),
            status=Status.WITHDRAWN, version=0,
        )  # fmt: skip
        session.add(row)
        session.flush()
        insert_state(session, row.id, before)
        if parent_id is not None:
            _check_parent(session, row, parent_id, reviewer=reviewer)
        return record(
            session, row, Action.ADD, before, replace(before, status=Status.ACCEPTED), reviewer=reviewer, note=note
        )


def nest(engine: Engine, attribution_id: int, under: int | None, **how: Unpack[How]) -> Decided:
    """Say in whose content it stands, or that it stands in none."""

    def change(session: Session, row: AttributionRow, now: State) -> State:
        if under is not None:
            _check_parent(session, row, under, **how)
        return _edited(replace(now, parent_id=under), how)

    return act(engine, attribution_id, Action.NEST, change, **how)


def _links(session: Session, row: AttributionRow, how: How) -> tuple[int | None, int | None]:
    """In which it is nested, and of which it is a duplicate, as far as whoever decides may know."""
    if not how.get("second", False):
        return row.parent_id, row.duplicate_of_id
    own = opinion_so_far(session, row, how["reviewer"])
    return own.parent_id, own.duplicate_of


def _check_parent(session: Session, row: AttributionRow, parent_id: int, **how: Unpack[How]) -> None:
    parent = session.get(AttributionRow, parent_id)
    if parent is None:
        raise NotFoundError(f"There is no attribution {parent_id}. `quotetrack quotes` lists them with their ids.")
    if parent.article_id != row.article_id:
        raise InvalidError(f"Attribution {parent_id} is of another article. Nest under one of the same.")
    seen: set[int] = set()
    step: AttributionRow | None = parent
    while step is not None and step.id not in seen:
        seen.add(step.id)
        if step.id == row.id:
            raise InvalidError(f"Attribution {row.id} would be nested in itself by way of {parent_id}. Choose another.")
        above, _ = _links(session, step, how)
        step = session.get(AttributionRow, above) if above else None


def duplicate(engine: Engine, attribution_id: int, of: int, **how: Unpack[How]) -> Decided:
    """Reject it as the same as another."""

    def change(session: Session, row: AttributionRow, now: State) -> State:
        other = session.get(AttributionRow, of)
        if other is None:
            raise NotFoundError(f"There is no attribution {of}. `quotetrack quotes` lists them with their ids.")
        if other.id == row.id:
            raise InvalidError(f"Attribution {of} cannot be a duplicate of itself. Give the one to keep.")
        if (kept := _links(session, other, how)[1]) is not None:
            raise ConflictError(f"Attribution {of} is itself a duplicate of {kept}. Give that one.")
        return replace(now, status=Status.REJECTED, duplicate_of=of)

    return act(engine, attribution_id, Action.DUPLICATE, change, **how)


def add_note(engine: Engine, attribution_id: int, note: str, *, reviewer: str, second: bool = False) -> Decided:
    """Write something down about an attribution; it stays as it is."""
    if not note.strip():
        raise InvalidError("A note cannot be empty. Write what is to be remembered.")
    how = How(reviewer=reviewer, note=note.strip(), second=second)
    return act(engine, attribution_id, Action.NOTE, lambda _s, _r, now: now, **how)
