"""`quotetrack extract`: no database, JSON Lines on standard output."""

from typing import Any

import click

from quotetrack.cli.common import models_option, tell, workers_option, write_json
from quotetrack.cli.inputs import input_options, progress, read, stop_on_interrupt, tell_rejected
from quotetrack.domain import Article, Attribution, Rejected, Spans
from quotetrack.errors import ExitCode

FORMAT_VERSION = 1

EPILOG = """\b
Examples:
  quotetrack extract article.txt
  quotetrack extract articles/ --workers 2 > found.jsonl
  quotetrack extract - < article.txt | jq '.attributions[].speaker.name'

\b
One JSON object an article:
  {"format": 1, "id": NAME, "default_channels": [HOP, ...], "attributions": [ATTRIBUTION, ...]}
and an ATTRIBUTION is
  {"content": [[start, end], ...], "cue": [[...]], "source": [[...]],
   "kind": "direct" | "mixed" | "indirect" | "reported",
   "polarity": "asserted" | "negated" | "question",
   "speaker": {"name": "Kim Jong Un", "class": "person"} | null,
   "chain": [HOP, ...],
   "parent": INDEX | null, "confidence": 0.0-1.0}
and a HOP is
  {"role": "channel" | "speaker", "name": "KCNA", "class": "media", "span": [start, end] | null,
   "speaks_for": NAME OF AN OFFICIAL'S INSTITUTION | null}
Offsets are half-open ranges of code points into the file's decoded text (after a byte order mark), line ends
untouched; for HTML, into the text that was extracted. NAME is the file name without its last suffix. The chain
runs from the outermost channel to the speaker. Within one "format", fields are only ever added."""


@click.command("extract", epilog=EPILOG)
@input_options
@models_option
@workers_option
def command(inputs: tuple[str, ...], models: str | None, workers: int | None, **reading: Any) -> int:
    """Print the attributions of articles as JSON lines; no database is touched."""
    from quotetrack.flow import analyse_all, batches
    from quotetrack.reading import count_inputs
    from quotetrack.settings import load_settings
    from quotetrack.sources.catalogue import bundled_catalogue
    from quotetrack.workers.local import choose_workers

    settings = load_settings()
    total = count_inputs(inputs, include=reading["include"], exclude=reading["exclude"])
    skipped = 0

    def good() -> Any:
        nonlocal skipped
        for item in read(inputs, **reading):
            if stop():
                return
            if isinstance(item, Rejected):
                tell_rejected(item)
                skipped += 1
            else:
                yield item

    with stop_on_interrupt() as stop, progress(total, quiet=False) as advance:
        for batch in analyse_all(
            batches(good()),
            models=models or settings.models,
            catalogue=bundled_catalogue(),
            workers=choose_workers(workers, settings.workers),
            on_ready=lambda: advance(note="reading articles"),
            on_note=tell,
            stop=stop,
        ):
            for outcome in batch.outcomes:
                advance()
                if isinstance(outcome, Rejected):
                    tell_rejected(outcome)
                    skipped += 1
                else:
                    write_json(as_record(*outcome), indent=None)
        if stop():
            return ExitCode.INTERRUPTED
    return ExitCode.SKIPPED if skipped else ExitCode.OK


def as_record(article: Article, attributions: tuple[Attribution, ...]) -> dict[str, Any]:
    """One line of the output."""
    return {
        "format": FORMAT_VERSION,
        "id": article.name,
        "default_channels": [hop.as_dict() for hop in article.default_channels],
        "attributions": [_attribution(a) for a in attributions],
    }


def _attribution(attribution: Attribution) -> dict[str, Any]:
    speaker = attribution.speaker
    return {
        "content": _pairs(attribution.content),
        "cue": _pairs(attribution.cue),
        "source": _pairs(attribution.source),
        "kind": attribution.kind,
        "polarity": attribution.polarity,
        "speaker": {"name": speaker.name, "class": speaker.source_class} if speaker else None,
        "chain": [hop.as_dict() for hop in attribution.chain],
        "parent": attribution.parent,
        "confidence": attribution.confidence,
    }


def _pairs(spans: Spans) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]
