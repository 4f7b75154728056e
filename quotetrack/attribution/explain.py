"""Why an attribution is as it is: the steps that its explanation is made of."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from quotetrack.attribution.assemble import Draft
from quotetrack.attribution.confidence import RULE_SHARE, TAGGED
from quotetrack.attribution.marks import Quotation, touched
from quotetrack.attribution.nominals import Voice
from quotetrack.domain import AnnotatedText, Kind, Polarity, Span, Step


def found_by(rule: str, drafts: Iterable[Draft]) -> list[Draft]:
    """The drafts, marked with the rule that found them."""
    found = list(drafts)
    for draft in found:
        draft.rule = rule
    return found


def steps_of(
    annotated: AnnotatedText,
    draft: Draft,
    kind: Kind,
    polarity: Polarity,
    speaker: Voice | None,
    channels: Sequence[Voice],
    quoted: Sequence[Quotation],
) -> tuple[Step, ...]:
    """All steps of one attribution: what found it, what changed it, who speaks, through whom, and how sure that is."""
    content = tuple(annotated.span(span.first, span.last) for span in draft.content)
    steps = [Step("content", draft.rule, content), *draft.steps]
    met = sorted({q for span in content for q in touched(span, quoted)}, key=lambda quotation: quotation.span)
    steps += [Step("repair", *repair) for repair in _repairs(annotated, content, met)]
    if draft.cue is not None:
        cue = annotated.span(draft.cue.first, draft.cue.last)
        steps.append(Step("cue", "linked", (cue,), f"{draft.link_confidence:.0%}"))
    if speaker is not None:
        steps.append(Step("speaker", speaker.made_by, _evidence(speaker), speaker.name))
        if speaker.referent is not None and speaker.referent.office is not None:
            steps.append(Step("speaker", "office", (), speaker.referent.office.name))
    else:
        steps.append(Step("speaker", "nobody"))
    steps += [Step("channel", voice.made_by, _evidence(voice), voice.name) for voice in channels]
    steps.append(Step("kind", kind.value, tuple(quotation.span for quotation in met)))
    if polarity is not Polarity.ASSERTED:
        steps.append(Step("polarity", polarity.value))
    if draft.rule not in TAGGED:
        return (*steps, Step("confidence", "rule", value=f"{RULE_SHARE:.0%}"))
    spans = [*draft.content, *draft.source, *([draft.cue] if draft.cue else [])]
    weakest = min(spans, key=lambda span: span.confidence)
    rule = "weakest_span" if weakest.confidence <= draft.link_confidence else "weakest_link"
    shown = (annotated.span(weakest.first, weakest.last),) if rule == "weakest_span" else ()
    return (*steps, Step("confidence", rule, shown, f"{min(weakest.confidence, draft.link_confidence):.0%}"))


def _evidence(voice: Voice) -> tuple[Span, ...]:
    """Where the voice is mentioned, and where the article says who that is."""
    return tuple(span for span in (voice.span, voice.antecedent) if span is not None)


def _repairs(
    annotated: AnnotatedText, content: Sequence[Span], met: Sequence[Quotation]
) -> Iterable[tuple[str, tuple[Span, ...]]]:
    """The hypotheses about lost and stray marks that a content rests on; `met` are the quotations it has a part in."""
    for quotation in met:
        if not quotation.closed:
            yield "unclosed_mark", (Span(quotation.span.start, quotation.span.start + 1), quotation.span)
    marks = annotated.double_marks
    for span in content:
        for at in marks[bisect_left(marks, span.start) : bisect_left(marks, span.end)]:
            near = bisect_right(met, at, key=lambda quotation: quotation.span.start) - 1
            if near < 0 or met[near].span.end <= at:
                yield "stray_mark", (Span(at, at + 1),)
