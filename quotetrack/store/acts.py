"""What reviewers may decide, and which of their decisions stand: what the log and the queue both need to know."""

from enum import StrEnum

from sqlalchemy import ColumnElement, exists, or_
from sqlalchemy.orm import aliased

from quotetrack.domain import Status
from quotetrack.store.models import Decision


class Action(StrEnum):
    """What a reviewer may decide."""

    ACCEPT = "accept"
    REJECT = "reject"
    SET_SPEAKER = "set_speaker"
    SET_CHAIN = "set_chain"
    SET_KIND = "set_kind"
    SET_POLARITY = "set_polarity"
    SET_SPANS = "set_spans"
    ADD = "add"
    NEST = "nest"
    DUPLICATE = "duplicate"
    NOTE = "note"
    ADJUDICATE = "adjudicate"
    """Settle on one of two opinions."""
    UNDO = "undo"
    REDO = "redo"
    NEW_SOURCE = "new_source"
    ADD_ALIAS = "add_alias"
    RENAME_SOURCE = "rename_source"
    SET_SOURCE_KIND = "set_source_kind"
    SET_CONTROLLER = "set_controller"
    SET_COUNTRY = "set_country"
    MERGE_SOURCES = "merge_sources"
    UNMERGE_SOURCES = "unmerge_sources"
    MATCH_SAME = "match_same"
    MATCH_DIFFERENT = "match_different"
    RELATE = "relate"
    """Say how the two sides of a pair relate."""


STATUS = {Action.ACCEPT: Status.ACCEPTED, Action.REJECT: Status.REJECTED}
REASONS = ("not a quote", "wrong span", "wrong speaker", "wrong channel", "duplicate", "boilerplate")
"""Offered when rejecting; any other text will do."""
STAYS = (Action.NEW_SOURCE,)
"""What undoing passes over: a source that nothing names does no harm, and its number may be in the log."""


_later = aliased(Decision)
in_force: ColumnElement[bool] = ~exists().where(_later.undoes_id == Decision.id)
"""A condition on Decision: nothing undoes it."""
placed: ColumnElement[bool] = or_(
    Decision.attribution_id.is_not(None), Decision.source_id.is_not(None), Decision.pair_id.is_not(None)
)
"""A condition on Decision: what it is about is still stored."""
changes_state: ColumnElement[bool] = Decision.action.not_in((Action.UNDO, Action.NOTE)) & ~Decision.is_second
