"""What reviewers record of statements and sources: what became of one, and how far one is to be believed.

Everything is added and nothing changed: the newest counts, the others are its history. Nothing is ever computed.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from quotetrack.admiralty import CREDIBILITY, RELIABILITY
from quotetrack.domain import Verdict
from quotetrack.errors import InvalidError, NotFoundError
from quotetrack.store.engine import reading, writing
from quotetrack.store.models import Assessment, AttributionRow, Outcome, Statement
from quotetrack.store.sources import find_source
from quotetrack.store.statements.regroup import statement_of


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """What became of a statement, as one reviewer recorded it."""

    id: int
    statement_id: int
    verdict: Verdict
    day: date
    note: str
    link: str | None
    reviewer: str
    at: datetime

    def as_dict(self) -> dict[str, Any]:
        names = ("id", "statement_id", "verdict", "note", "link", "reviewer")
        return {"at": self.at.isoformat(), "day": self.day.isoformat()} | {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class GradeRow:
    """One Admiralty letter or digit, as one reviewer gave it."""

    id: int
    source_id: int | None
    statement_id: int | None
    grade: str
    rationale: str
    reviewer: str
    at: datetime

    @property
    def meaning(self) -> str:
        return (RELIABILITY | CREDIBILITY)[self.grade]

    def as_dict(self) -> dict[str, Any]:
        names = ("id", "source_id", "statement_id", "grade", "meaning", "rationale", "reviewer")
        return {"at": self.at.isoformat()} | {name: getattr(self, name) for name in names}


def statement_id_of(engine: Engine, attribution_id: int) -> int:
    """The statement that an attribution makes; one of its own is made if it makes none. Raises NotFoundError."""
    with writing(engine) as session:
        if session.get(AttributionRow, attribution_id) is None:
            raise NotFoundError(f"There is no attribution {attribution_id}. `quotetrack quotes` lists them.")
        return statement_of(session, attribution_id)


def record_outcome(
    engine: Engine, statement_id: int, verdict: Verdict, *, day: date, note: str, reviewer: str,
    link: str | None = None,
) -> OutcomeRow:  # fmt: skip
    """Record what became of a statement, and on which day it was clear. Raises NotFoundError and InvalidError."""
    _needs(note, "A note says by what it was clear")
    with writing(engine) as session:
        _statement(session, statement_id)
        row = Outcome(statement_id=statement_id, verdict=verdict, day=day, note=note, link=link, reviewer=reviewer)
        session.add(row)
        session.flush()
        return _outcome(row)


def outcomes(session: Session, statement_id: int) -> list[OutcomeRow]:
    """The newest first."""
    query = select(Outcome).where(Outcome.statement_id == statement_id).order_by(Outcome.id.desc())
    return [_outcome(row) for row in session.scalars(query)]


def grade_statement(engine: Engine, statement_id: int, grade: str, *, why: str, reviewer: str) -> GradeRow:
    """Give a statement a digit, 1 to 6. Raises NotFoundError and InvalidError."""
    _check_grade(grade, CREDIBILITY, why)
    with writing(engine) as session:
        _statement(session, statement_id)
        return _graded(session, Assessment(statement_id=statement_id, grade=grade, rationale=why, reviewer=reviewer))


def grade_source(engine: Engine, name: str, grade: str, *, why: str, reviewer: str) -> tuple[str, GradeRow]:
    """Give a source a letter, A to F; returns its name too. Raises NotFoundError and InvalidError."""
    _check_grade(grade, RELIABILITY, why)
    with writing(engine) as session:
        source = find_source(session, name)
        row = Assessment(source_id=source.id, grade=grade, rationale=why, reviewer=reviewer)
        return source.name, _graded(session, row)


def grades_of_source(engine: Engine, name: str) -> tuple[str, list[GradeRow]]:
    """A source's name and all letters it was ever given, the newest first. Raises NotFoundError."""
    with reading(engine) as session:
        source = find_source(session, name)
        query = select(Assessment).where(Assessment.source_id == source.id).order_by(Assessment.id.desc())
        return source.name, [_grade(row) for row in session.scalars(query)]


def grades_of_statement(session: Session, statement_id: int) -> list[GradeRow]:
    query = select(Assessment).where(Assessment.statement_id == statement_id).order_by(Assessment.id.desc())
    return [_grade(row) for row in session.scalars(query)]


def _check_grade(grade: str, grades: dict[str, str], why: str) -> None:
    if grade not in grades:
        said = ", ".join(f"{one} ({meaning})" for one, meaning in grades.items())
        raise InvalidError(f"{grade!r} is none of {said}.")
    _needs(why, "A grade needs a reason that others can weigh")


def _needs(text: str, why: str) -> None:
    if not text.strip():
        raise InvalidError(f"{why}: write a sentence.")


def _statement(session: Session, statement_id: int) -> Statement:
    statement = session.get(Statement, statement_id)
    if statement is None:
        raise NotFoundError(f"There is no statement {statement_id}. `quotetrack statements list` shows them.")
    return statement


def _graded(session: Session, row: Assessment) -> GradeRow:
    session.add(row)
    session.flush()
    return _grade(row)


def _outcome(row: Outcome) -> OutcomeRow:
    return OutcomeRow(row.id, row.statement_id, Verdict(row.verdict), row.day, row.note, row.link, row.reviewer, row.at)


def _grade(row: Assessment) -> GradeRow:
    return GradeRow(row.id, row.source_id, row.statement_id, row.grade, row.rationale, row.reviewer, row.at)
