"""A record with who controls whom, statements, pairs, outcomes and grades; and what it holds as plain values."""

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from quotetrack.domain import Relation, SourceKind, Verdict
from quotetrack.store.decisions import NewSource, new_source, set_controller, set_kind
from quotetrack.store.engine import Engine, writing
from quotetrack.store.models import Assessment, Outcome, Outlet, Source, Statement, StatementLink, StatementPair
from tests.store.build import Told, fill

JULY = datetime(2025, 7, 1, tzinfo=UTC)
CONTROL = {"KCNA": "Palace", "Kim Jong Un": "Palace", "TASS": "Court", "an official": "Court"}
"""Who controls whom: so the origin of one unnamed voice is known, and of the other not."""
OWN = {"KCNA", "Yonhap", "TASS", "Kim Jong Un", "Anna Smith", "Foreign Ministry"}
AGENCY_DESK = "Eastern Desk"
"""The outlet that is KCNA's own."""


@dataclass
class Made:
    """What the record holds."""

    engine: Engine
    told: list[Told]
    links: list[tuple[int, int, bool]] = field(default_factory=list)
    """Statement, attribution, and whether a reviewer confirmed it."""
    pairs: list[tuple[int, int | None, Relation, Relation | None]] = field(default_factory=list)
    """First, second (None: a flat sentence), suggested and decided relation."""
    outcomes: dict[int, list[str]] = field(default_factory=dict)
    """The verdicts on each statement in order."""
    mended: set[int] = field(default_factory=set)
    """Attributions in which a reviewer set the kind."""
    built: dict[Any, Any] = field(default_factory=dict)
    """What tests keep for one another."""

    @property
    def standing(self) -> dict[int, Told]:
        return {t.id: t for t in self.told if t.status in ("pending", "accepted")}


def origin(name: str | None) -> str | None:
    """The origin of what a source says, if it is known."""
    return CONTROL.get(name or "", name if name in OWN else None)


def make(engine: Engine) -> Made:
    """Fill a database and add all of that by chance, always the same."""
    chance = random.Random(11)
    made = Made(engine, fill(engine))
    for above in dict.fromkeys(CONTROL.values()):
        new_source(engine, above, NewSource(kind=SourceKind.GOVERNMENT), reviewer="hana")
    for name, above in CONTROL.items():
        set_controller(engine, name, above, reviewer="hana")
    with writing(engine) as session:
        kcna = session.scalars(select(Source.id).where(Source.name == "KCNA")).one()
        session.execute(update(Outlet).where(Outlet.name == AGENCY_DESK).values(source_id=kcna))
        for number in range(80):
            _statement(session, chance, made, number)
        _agency(session, made)
        ids = [t.id for t in made.told]
        couples = sorted({(min(pair), max(pair)) for pair in (chance.sample(ids, 2) for _ in range(90))})
        for first, second in couples:
            _pair(session, chance, made, first, second)
        for id_ in chance.sample(ids, 14):
            _pair(session, chance, made, id_, None)
        about = {"rationale": "as far as we know", "reviewer": "ines"}
        session.add(Assessment(source_id=kcna, grade="C", at=JULY, **about))
        session.add(Assessment(source_id=kcna, grade="B", at=JULY + timedelta(days=3), **about))
        session.add(Assessment(statement_id=made.links[0][0], grade="2", at=JULY, **about))
    for t in [t for t in made.told if t.status == "accepted"][::3]:
        set_kind(engine, t.id, t.kind, reviewer="hana")
        made.mended.add(t.id)
    return made


def _statement(session: Session, chance: random.Random, made: Made, number: int) -> None:
    statement = Statement(label=f"Statement {number}")
    session.add(statement)
    session.flush()
    one = chance.choice([*sorted(OWN), "foreign experts", None, None])
    pool = [t for t in made.told if t.polarity == "asserted" and (one is None or origin(t.speaker) == origin(one))]
    pool = chance.choice((pool or made.told, made.told))
    for t in chance.sample(pool, min(len(pool), chance.choice((1, 2, 2, 3, 4)))):
        sure = chance.random() < 0.6
        relation = "confirmed" if sure else "suggested"
        session.add(StatementLink(statement_id=statement.id, attribution_id=t.id, relation=relation))
        made.links.append((statement.id, t.id, sure))
    for verdict in chance.choices(list(Verdict), k=chance.choice((0, 0, 1, 1, 2))):
        day = date(2025, 6, 1) + timedelta(days=chance.randrange(60))
        session.add(Outcome(statement_id=statement.id, verdict=verdict, day=day, note="as it came", reviewer="ines"))
        session.flush()
        made.outcomes.setdefault(statement.id, []).append(verdict.value)


def _agency(session: Session, made: Made) -> None:
    """What came through KCNA elsewhere says what KCNA's own outlet has: some of it confirmed."""
    dated = [t for t in made.standing.values() if t.published]
    own = [t for t in dated if t.outlet == AGENCY_DESK]
    for number, t in enumerate(t for t in dated if "KCNA" in t.channels and t.outlet != AGENCY_DESK):
        statement = Statement(label=f"Agency's {number}")
        session.add(statement)
        session.flush()
        for id_ in (t.id, own[number % len(own)].id):
            sure = number % 3 > 0
            relation = "confirmed" if sure else "suggested"
            session.add(StatementLink(statement_id=statement.id, attribution_id=id_, relation=relation))
            made.links.append((statement.id, id_, sure))


def _pair(session: Session, chance: random.Random, made: Made, first: int, second: int | None) -> None:
    """A pair of two attributions, or of one and the first words of some article."""
    possible = [r for r in Relation if (r is Relation.UNATTRIBUTED) == (second is None)]
    suggested = chance.choice([r for r in possible if r is not Relation.UNRELATED])
    relation = chance.choice((None, None, suggested, Relation.UNRELATED, chance.choice(possible)))
    place: dict[str, Any] = {"second_id": second}
    if second is None:
        place = {"article_id": chance.choice([t.article for t in made.told]), "start": 0, "end": 12}
    decided: dict[str, Any] = {"relation": relation, "decided_by": "hana", "at": JULY} if relation else {}
    session.add(StatementPair(first_id=first, suggested=suggested, score=chance.random(), **place, **decided))
    made.pairs.append((first, second, suggested, relation))
