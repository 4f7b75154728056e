"""Stanza's processors, the quick way: the same models with the same results, several times faster on a CPU.

Stanza's own code is made for training, too, and for GPUs. What is won here is won by four things:

- sentences of like length run together, so that LSTMs take torch's quick way (`layers`);
- what a model knows of a word without its sentence is worked out once a word, not once a token (`vectors`);
- nothing is worked out that nobody asks for (losses, labels of arcs that are in no tree);
- decoding runs over whole batches, not word by word in Python.

Each step is made for models of the kind that is bundled; for any other, Stanza's own processor runs.
"""

from collections.abc import Callable
from typing import Any

import torch

from quotetrack.annotation.quick.labels import QuickNames
from quotetrack.annotation.quick.lemmas import QuickLemmas
from quotetrack.annotation.quick.parse import QuickParser
from quotetrack.annotation.quick.tags import QuickTagger
from quotetrack.annotation.quick.tokens import QuickTokenizer

Step = Callable[[list[Any]], list[Any]]
"""Adds to Stanza documents, and returns them."""

QUICK: dict[str, Any] = {
    "tokenize": QuickTokenizer,
    "pos": QuickTagger,
    "lemma": QuickLemmas,
    "depparse": QuickParser,
    "ner": QuickNames,
}


def steps(pipeline: Any) -> dict[str, Step]:
    """What a Stanza pipeline does, in its order: the quick way where there is one for the model, else its own."""
    with torch.no_grad():
        return {
            name: QUICK[name](processor) if name in QUICK and QUICK[name].suits(processor) else processor.bulk_process
            for name, processor in pipeline.processors.items()
        }
