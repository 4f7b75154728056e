"""quotetrack with something else for models: `python -m tests.workers.standing_in ingest …`.

It finds nothing, takes a while, and does to its process what some articles say. Batches are of five articles.
"""

import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from quotetrack import flow
from quotetrack.cli import main
from quotetrack.domain import AnnotatedText

NAP = "STANDING_IN_NAP"
"""Environment: how many seconds a batch takes."""
DOOMED = "STANDING_IN_DOOMED"
"""Environment: if set, a worker dies while it loads the models."""


class StandIn:
    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def annotate(self, texts: Sequence[str]) -> list[AnnotatedText]:
        time.sleep(float(os.environ.get(NAP, "0")))
        for text in texts:
            if "KILL" in text:
                os.kill(os.getpid(), signal.SIGKILL)
            if "SEGV" in text:
                os.kill(os.getpid(), signal.SIGSEGV)
            if "ONCE" in text:
                marker = Path(text.split("ONCE ")[1].split()[0])
                if not marker.exists():
                    marker.touch()
                    os._exit(1)
            if "HANG" in text:
                time.sleep(600)
        return [AnnotatedText(text, ()) for text in texts]


def load(models: str) -> StandIn:
    if DOOMED in os.environ:
        os.kill(os.getpid(), signal.SIGKILL)
    return StandIn()


if __name__ == "__main__":
    from tests.workers import standing_in  # by its name, for the workers to find it

    flow.load = standing_in.load  # type: ignore[assignment]
    flow.BATCH_ARTICLES = 5
    flow.PATIENCE_SECONDS = 5
    main(sys.argv[1:])
