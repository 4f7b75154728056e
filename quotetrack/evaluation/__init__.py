"""Scoring what was found against gold: figures, and every error in its context.

    gold  (polnear | lines | reviewed)  ─┐
                                         ├→ score.evaluate → report.build → terminal | page | JSON
    found (flow, or predictions)        ─┘

Start with `gold.py`, which says what gold is, then `score.py`. Nothing here loads a model or draws a conclusion
about a source: the figures are about the extractor.
"""
