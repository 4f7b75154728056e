"""What reviewers decide: an append-only log, from which the state of each attribution is derived.

Read `record` first, then `actions`. One act is one transaction. Undoing is a decision too, so nothing that was ever
decided is lost. No rule here knows of a screen: the review queue, `quotetrack decide` and imports use the same.
"""

from quotetrack.store.acts import REASONS, STATUS, Action
from quotetrack.store.decisions.actions import (
    ChainFix,
    How,
    add,
    add_note,
    decide,
    duplicate,
    fix_chain,
    nest,
    set_chain,
    set_kind,
    set_polarity,
    set_spans,
    set_speaker,
)
from quotetrack.store.decisions.batch import Planned, accept_all, fix_all, preview_accept, preview_fix
from quotetrack.store.decisions.matches import MatchRow, list_matches, propose_match, resolve_match
from quotetrack.store.decisions.record import Decided
from quotetrack.store.decisions.relations import relate, relate_two
from quotetrack.store.decisions.second import Pair, adjudicate, pair_of, pairs
from quotetrack.store.decisions.source_edits import (
    NewSource,
    add_alias,
    merge,
    new_source,
    rename,
    set_controller,
    set_country,
    set_source_kind,
    unmerge,
)
from quotetrack.store.decisions.state import State, differences
from quotetrack.store.decisions.undo import redo, undo

__all__ = [
    "REASONS", "STATUS", "Action", "ChainFix", "Decided", "How", "MatchRow", "NewSource", "Pair", "Planned", "State",
    "accept_all", "add", "add_alias", "add_note", "adjudicate", "decide", "differences", "duplicate", "fix_all",
    "fix_chain", "list_matches", "merge", "nest", "new_source", "pair_of", "pairs", "preview_accept",
    "preview_fix", "propose_match", "redo", "relate", "relate_two", "rename", "resolve_match", "set_chain",
    "set_controller", "set_country",
    "set_kind", "set_polarity", "set_source_kind", "set_spans", "set_speaker", "undo", "unmerge",
]  # fmt: skip
