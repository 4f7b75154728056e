"""What an entry of the log changed, in words. Nothing here knows of Textual, and nothing asks the database."""

from collections.abc import Iterator, Mapping
from typing import Any

from quotetrack.domain import Span, text_of
from quotetrack.harmless import quoted
from quotetrack.store.history import LogRow

DID = {
    "accept": "accepted", "reject": "rejected", "set_speaker": "set speaker", "set_chain": "set chain",
    "set_kind": "set kind", "set_polarity": "set polarity", "set_spans": "moved spans", "add": "added",
    "nest": "nested", "duplicate": "duplicate", "note": "noted", "adjudicate": "settled", "undo": "undid",
    "redo": "did again", "new_source": "new source", "add_alias": "added alias", "rename_source": "renamed",
    "set_source_kind": "set kind", "set_controller": "set control", "set_country": "set country",
    "merge_sources": "merged", "unmerge_sources": "un-merged", "match_same": "said same",
    "match_different": "said different", "relate": "related",
}  # fmt: skip
ARROW = " → "


def did(row: LogRow) -> str:
    """What was done, in a word or two."""
    words = DID.get(row.action, row.action.replace("_", " "))
    return f"{words} (2nd)" if row.is_second else words


def about(row: LogRow) -> str:
    """What it was done to: `quote 12`, or a source by the name it had then."""
    if row.attribution_id is not None:
        return f"quote {row.attribution_id}"
    if row.pair_id is not None:
        return f"pair {row.pair_id}"
    if row.source_id is None:
        return "a quote that is gone"
    return _source(row.source_id, row.after, row.before)


def changes(row: LogRow, text: str | None = None, names: Mapping[int, str] | None = None) -> list[str]:
    """Each thing that changed, as it was and as it became.

    With the article's text, spans are given in its words; `names` are those of the sources in `others_in`.
    """
    if "sources" in row.after:
        return list(
            _of_sources(
                row.before, row.after, {"sources": {str(i): {"name": n} for i, n in names.items()}} if names else {}
            )
        )
    return list(_of_state(row.before, row.after, text))


def others_in(row: LogRow) -> set[int]:
    """Sources that an entry points at without saying their names."""
    pointed = {
        source[column]
        for state in (row.before, row.after)
        for source in state.get("sources", {}).values()
        for column in ("controller_id", "merged_into_id")
    }
    return pointed - {None, *map(int, row.after.get("sources", {}))}


def _of_state(before: Mapping[str, Any], after: Mapping[str, Any], text: str | None) -> Iterator[str]:
    if "relation" in after:
        yield ARROW.join((state.get("relation") or "waits").replace("_", " ") for state in (before, after))
    for name in ("kind", "polarity"):
        if name in after and before.get(name) != after[name]:
            yield f"{name}: {before.get(name, 'unknown')}{ARROW}{after[name]}"
    for name, words, none in (
        ("parent_id", "nested in quote", "not nested"), ("duplicate_of", "duplicate of quote", "no duplicate"),
    ):  # fmt: skip
        if name in after and before.get(name) != after[name]:
            was, became = (f"{words} {s[name]}" if s.get(name) is not None else none for s in (before, after))
            yield f"{was}{ARROW}{became}"
    if "hops" in after and before.get("hops") != after["hops"]:
        was, became = (_chain(state.get("hops", ())) for state in (before, after))
        if was != became:
            yield f"chain: {was}{ARROW}{became}"
    for role, pieces in after.get("spans", {}).items():
        old = before.get("spans", {}).get(role, [])
        if old != pieces:
            yield f"{role}: {_pieces(old, text)}{ARROW}{_pieces(pieces, text)}"
    if "status" in after and before.get("status") != after["status"]:
        yield f"{before.get('status', 'unknown')}{ARROW}{after['status']}"


def _chain(hops: list[dict[str, Any]]) -> str:
    names = [hop["name"] for hop in hops]
    if not hops or hops[-1]["role"] != "speaker":
        names.append("nobody named")
    return " > ".join(names)


def _pieces(pieces: list[list[int]], text: str | None) -> str:
    if not pieces:
        return "none"
    if text is None or max(end for _, end in pieces) > len(text):
        return ", ".join(f"{start}-{end}" for start, end in pieces)
    return quoted(text_of(tuple(Span(start, end) for start, end in pieces), text), 200)


def _of_sources(before: Mapping[str, Any], after: Mapping[str, Any], others: Mapping[str, Any]) -> Iterator[str]:
    for id_, now in after["sources"].items():
        was = before["sources"].get(id_)
        name = _called(now["name"])
        if was is None:
            yield f"new: {name}, {now['kind'].replace('_', ' ')}"
            continue
        if was["name"] != now["name"]:
            yield f"name: {_called(was['name'])}{ARROW}{name}"
        for column, word in (("kind", "kind"), ("country", "country")):
            if was[column] != now[column]:
                values = [str(value or "none").replace("_", " ") for value in (was[column], now[column])]
                yield f"{word} of {name}: {ARROW.join(values)}"
        if was["controller_id"] != now["controller_id"] and was["merged_into_id"] == now["merged_into_id"]:
            above = [_source(s["controller_id"], after, before, others) for s in (was, now)]
            yield f"controller of {name}: {ARROW.join(above)}"
        if now["merged_into_id"] not in (None, was["merged_into_id"]):
            yield f"{name} became part of {_source(now['merged_into_id'], after, before, others)}"
        elif was["merged_into_id"] != now["merged_into_id"]:
            yield f"{name} is its own again, no longer part of {_source(was['merged_into_id'], after, before, others)}"
    yield from _of_aliases(before, after)
    for id_, match in after["matches"].items():
        known = before["matches"].get(id_, match)
        if known[0] != match[0]:
            yield f"may be one: {known[0]}{ARROW}{match[0]}"
    known_outlets = before["outlets"]
    moved = [id_ for id_, owner in after["outlets"].items() if known_outlets.get(id_, owner) != owner]
    if moved:
        yield f"outlets that went along: {len(moved)}"


def _of_aliases(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    old, new = before["aliases"], after["aliases"]
    own = {_called(source["name"]) for source in after["sources"].values()}
    added = [_called(alias["name"]) for folded, alias in new.items() if folded not in old]
    gone = [_called(alias["name"]) for folded, alias in old.items() if folded not in new]
    moved = [_called(a["name"]) for f, a in new.items() if f in old and old[f]["source_id"] != a["source_id"]]
    for words, names in (
        ("names added", [name for name in added if name not in own]), ("names gone", gone), ("names moved", moved),
    ):  # fmt: skip
        if names:
            yield f"{words}: {', '.join(names)}"


def _source(id_: int | None, *snapshots: Mapping[str, Any]) -> str:
    if id_ is None:
        return "nobody"
    for snapshot in snapshots:
        if source := snapshot.get("sources", {}).get(str(id_)):
            return _called(source["name"])
    return f"#{id_}"


def _called(name: str) -> str:
    return quoted(name, 80)
