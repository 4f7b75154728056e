"""What a report says, before anybody draws it: plain dictionaries that go to JSON as they are."""

from typing import Any

from quotetrack.share import MIN_N, Share
from quotetrack.store.figures import Scope, SourceCounts, SourceFacts, Totals

CAVEATS = (
    "Extracted by machine unless reviewed: a figure about a source is no better than the extraction behind it.",
    "Being repeated is no evidence of being true; no score of truthfulness is computed.",
    f"Shares carry a 95 % Wilson interval; below n = {MIN_N} only the count is given.",
    "Attributions that a reviewer rejected are left out. A channel is counted only where the article states it.",
)


def scope_dict(scope: Scope) -> dict[str, Any]:
    return {
        "since": scope.since.isoformat() if scope.since else None,
        "until": scope.until.isoformat() if scope.until else None,
        "outlet": scope.outlet or None,
    }


def overview(totals: Totals, sources: list[SourceCounts], scope: Scope) -> dict[str, Any]:
    """The report over all sources."""
    return {
        "report": "sources",
        "scope": scope_dict(scope),
        "articles": totals.articles,
        "outlets": totals.outlets,
        "attributions": totals.attributions,
        "unnamed_speakers": Share(totals.unnamed, totals.with_speaker).as_dict(),
        "through_a_channel": Share(totals.with_channel, totals.attributions).as_dict(),
        "without_speaker": totals.attributions - totals.with_speaker,
        "reviewed": Share(totals.reviewed, totals.attributions + totals.rejected).as_dict(),
        "extractor_precision": Share(totals.accepted, totals.reviewed).as_dict(),
        "sources": [
            {
                "name": row.name,
                "kind": row.kind,
                "controller": row.controller,
                "spoken": row.spoken,
                "direct": Share(row.direct, row.spoken).as_dict(),
                "through_a_channel": Share(row.through, row.spoken).as_dict(),
                "carried": row.carried,
                "articles": row.articles,
                "outlets": row.outlets,
                "reviewed": row.reviewed,
            }
            for row in sources
        ],
        "caveats": list(CAVEATS),
    }


def source_report(facts: SourceFacts, scope: Scope) -> dict[str, Any]:
    """The report on one source, as a speaker and as a channel."""
    heard = facts.statuses.get("accepted", 0) + facts.statuses.get("pending", 0)
    return {
        "report": "source",
        "scope": scope_dict(scope),
        "source": {
            "name": facts.name,
            "kind": facts.kind,
            "country": facts.country,
            "controllers": list(facts.controllers),
            "origin": facts.controllers[-1] if facts.controllers else facts.name,
            "aliases": list(facts.aliases),
        },
        "articles": facts.articles,
        "first_published": facts.first.isoformat() if facts.first else None,
        "last_published": facts.last.isoformat() if facts.last else None,
        "as_speaker": {
            "attributions": facts.spoken,
            "kinds": {kind: Share(n, facts.spoken).as_dict() for kind, n in facts.kinds.items()},
            "polarities": facts.polarities,
            "classes": facts.classes,
            "channels": facts.through,
        },
        "as_channel": {
            "attributions": facts.carried,
            "speakers": facts.speakers,
            "only_heard_through_it": facts.only_through,
            "unnamed_speakers": Share(facts.carried_unnamed, facts.carried).as_dict(),
        },
        "outlets": facts.outlets,
        "reviewed": Share(facts.statuses.get("accepted", 0), heard).as_dict(),
        "caveats": list(CAVEATS),
    }
