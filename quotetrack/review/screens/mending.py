"""Mending: the acts that change more of an attribution than whether it is accepted."""

from collections.abc import Callable, Sequence
from contextlib import suppress

from quotetrack.domain import Kind, Polarity, SpanRole, Spans
from quotetrack.harmless import one_line, quoted
from quotetrack.review.dialogs.chain import ChainAnswer, ChainDialog
from quotetrack.review.dialogs.confirm import ConfirmDialog
from quotetrack.review.dialogs.pick import LineDialog, PickDialog
from quotetrack.review.dialogs.related import RelatedDialog
from quotetrack.review.marking import guessed_kind
from quotetrack.review.messages import Write
from quotetrack.review.names import links
from quotetrack.review.screens.asking import PREVIEW
from quotetrack.review.screens.deciding import DecidingScreen
from quotetrack.review.screens.marking import Marked, MarkingScreen
from quotetrack.review.screens.spans import Drawn, SpansScreen
from quotetrack.review.widgets.article import marks_of_others
from quotetrack.review.widgets.search import Offer
from quotetrack.store.decisions import (
    Action,
    Decided,
    Planned,
    accept_all,
    add,
    add_note,
    duplicate,
    fix_all,
    fix_chain,
    nest,
    preview_accept,
    preview_fix,
    set_kind,
    set_polarity,
    set_spans,
)
from quotetrack.store.queries import QuoteRow

KINDS = {kind.value[0]: kind.value for kind in Kind}
POLARITIES = {"a": "asserted", "n": "negated", "q": "question"}


class MendingScreen(DecidingScreen):
    """The part of the review screen that mends. A dialog opens at once; what it needs of the store comes after."""

    def _offers(self) -> tuple[Offer, Offer]:
        """Sources to choose from, and who may control a new one; how often one is heard tells what others decided."""
        return (
            links(self.engine, tells_heard=not self.second),
            links(self.engine, may_be_new=False, tells_heard=not self.second),
        )

    def article_of(self, quote: QuoteRow) -> tuple[str, Sequence[QuoteRow]] | None:
        """The text and the attributions of an article, if they are here."""
        raise NotImplementedError

    def with_article(self, quote: QuoteRow, then: Callable[[str, Sequence[QuoteRow]], None]) -> None:
        """Do it with the article; if that is not here yet, as soon as it is."""
        raise NotImplementedError

    def action_kind(self) -> None:
        if quote := self.current():

            def answered(kind: str | None) -> None:
                if kind:
                    self.change(quote, Action.SET_KIND, f"kind {kind}", lambda version: set_kind(
                        self.engine, quote.id, Kind(kind), **self.how(version)
                    ))  # fmt: skip

            self.app.push_screen(PickDialog("Kind", KINDS, quote.kind.value, about=quote.content), answered)

    def action_polarity(self) -> None:
        if quote := self.current():

            def answered(polarity: str | None) -> None:
                if polarity:
                    self.change(quote, Action.SET_POLARITY, f"polarity {polarity}", lambda version: set_polarity(
                        self.engine, quote.id, Polarity(polarity), **self.how(version)
                    ))  # fmt: skip

            dialog = PickDialog("Polarity", POLARITIES, quote.polarity.value, about=quote.content)
            self.app.push_screen(dialog, answered)

    def action_note(self) -> None:
        if quote := self.current():

            def answered(note: str | None) -> None:
                if note:
                    self.change(quote, Action.NOTE, "note", lambda _: add_note(
                        self.engine, quote.id, note, reviewer=self.reviewer, second=self.second
                    ))  # fmt: skip

            self.app.push_screen(LineDialog("Note", about=quote.content), answered)

    def action_related(self) -> None:
        if quote := self.current():
            self.with_article(quote, lambda _text, others: self._ask_related(quote, others))

    def _ask_related(self, quote: QuoteRow, others: Sequence[QuoteRow]) -> None:
        def answered(answer: tuple[str, int | None] | None) -> None:
            if answer is None:
                return
            how, other = answer
            if how == "duplicate" and other is not None:
                self.change(quote, Action.DUPLICATE, f"duplicate of {other}", lambda version: duplicate(
                    self.engine, quote.id, other, **self.how(version)
                ))  # fmt: skip
                self.go_on(self.table.cursor_row)
            else:
                self.change(quote, Action.NEST, "nesting", lambda version: nest(
                    self.engine, quote.id, other, **self.how(version)
                ))  # fmt: skip

        self.app.push_screen(RelatedDialog(quote, others), answered)

    # spans

    def action_spans(self) -> None:
        if quote := self.current():
            self.with_article(quote, lambda text, others: self._draw(quote, text, others))

    def _draw(self, quote: QuoteRow, text: str, others: Sequence[QuoteRow]) -> None:
        def answered(spans: Drawn | None) -> None:
            if spans:
                what = f"spans ({', '.join(spans)})"
                self.change(quote, Action.SET_SPANS, what, lambda version: set_spans(
                    self.engine, quote.id, spans, **self.how(version)
                ))  # fmt: skip
            elif spans is not None:
                self.say("The spans are as they were.")

        self.app.push_screen(SpansScreen(text, quote.spans, marks_of_others(others, quote.id)), answered)

    def action_add(self) -> None:
        if (quote := self.current()) and not self.refuses("Adding a quote that was missed"):
            self.with_article(quote, lambda text, others: self._mark(quote, text, others))

    def _mark(self, quote: QuoteRow, text: str, others: Sequence[QuoteRow]) -> None:
        def who(marked: Marked | None) -> None:
            if marked is None:
                return
            spans, content = marked.spans, marked.spans[SpanRole.CONTENT]
            said = " … ".join(span.of(text) for span in content)

            def kind(answer: ChainAnswer | None) -> None:
                if answer is None:
                    return

                def answered(chosen: str | None) -> None:
                    if chosen:
                        self._add(quote, spans, answer, Kind(chosen), nested=marked.nested)

                now = guessed_kind(content, text).value
                self.app.push_screen(PickDialog("Kind of the new quote", KINDS, now, about=said), answered)

            dialog = ChainDialog(
                "Who says it?", said, (), *self._offers(),
                only_speaker=True, may_be_everywhere=False, may_skip=True,
            )  # fmt: skip
            self.app.push_screen(dialog, kind)

        self.app.push_screen(MarkingScreen(text, marks_of_others(others), quote), who)

    def _add(
        self, quote: QuoteRow, spans: dict[SpanRole, Spans], who: ChainAnswer, kind: Kind, *, nested: bool
    ) -> None:
        def do(_version: int | None) -> Decided:
            return add(
                self.engine, quote.article_id, spans, chain=who.fix if who.links else None, kind=kind,
                parent_id=quote.id if nested else None, reviewer=self.reviewer,
            )  # fmt: skip

        self.write(Write(Action.ADD, "new quote", do))
        self.show_figures()

    # the chain

    def action_speaker(self) -> None:
        self._ask_chain(only_speaker=True)

    def action_chain(self) -> None:
        self._ask_chain(only_speaker=False)

    def _ask_chain(self, *, only_speaker: bool) -> None:
        quote = self.current()
        if quote is None:
            return

        def answered(answer: ChainAnswer | None) -> None:
            if answer is None:
                return
            if answer.everywhere:
                self._preview_fix(quote, answer)
                return
            self.change(quote, answer.fix.action, answer.said, lambda version: fix_chain(
                self.engine, quote.id, answer.fix, **self.how(version)
            ))  # fmt: skip

        title = "Who says it?" if only_speaker else "Through whom did it come?"
        dialog = ChainDialog(
            title, quote.content, quote.hops, *self._offers(),
            outlet=quote.outlet or "", only_speaker=only_speaker, second=self.second,
        )  # fmt: skip
        self.app.push_screen(dialog, answered)

    def _preview_fix(self, quote: QuoteRow, answer: ChainAnswer) -> None:
        def confirm(plan: list[Planned]) -> None:
            def answered(agreed: bool | None) -> None:
                if agreed is None:
                    return
                what = f"{answer.said}, {_quotes(len(plan))}"
                self.change(quote, answer.fix.action, what, lambda version: fix_all(
                    self.engine, quote.id, answer.fix, reviewer=self.reviewer, version=version, seen=plan,
                    accept_others=not agreed,
                ))  # fmt: skip

            question = f"Mend {_quotes(len(plan))}? Only the first is accepted by it."
            dialog = ConfirmDialog(answer.said, _lines(plan), question, also="yes, and accept them all")
            self.app.push_screen(dialog, answered)

        self.fetch(PREVIEW, lambda: preview_fix(self.engine, quote.id, answer.fix, reviewer=self.reviewer), confirm)

    # all above a confidence

    def action_accept_above(self) -> None:
        if (quote := self.current()) and not self.refuses("Accepting all of an article"):

            def answered(typed: str | None) -> None:
                if typed is None:
                    return
                with suppress(ValueError):
                    share = float(typed.replace("%", "")) / 100
                    if 0 <= share <= 1:
                        self._preview_accept(quote, share)
                        return
                self.say(f"{quoted(typed, 20)} is not a percentage from 0 to 100.")

            title = "Accept all of this article above how much confidence, in percent?"
            self.app.push_screen(LineDialog(title, value="80", proposal=True), answered)

    def _preview_accept(self, quote: QuoteRow, share: float) -> None:
        def confirm(plan: list[Planned]) -> None:
            if not plan:
                self.say(f"Nothing pending in this article is above {share:.0%}.")
                return

            def answered(agreed: bool | None) -> None:
                if not agreed:
                    return
                ids = tuple(planned.attribution_id for planned in plan)
                self.queue.saving.update(ids)
                for id_ in ids:
                    self.table.update_item(id_)
                self.write(Write(Action.ACCEPT, f"accept {_quotes(len(plan))}", lambda _: accept_all(
                    self.engine, quote.article_id, share, reviewer=self.reviewer, seen=plan
                ), covers=ids))  # fmt: skip

            title = f"Accept all above {share:.0%} in {one_line(quote.title)[:40]}"
            lines = [f"{_who(planned)}: {quoted(planned.content, 80)}" for planned in plan]
            self.app.push_screen(ConfirmDialog(title, lines, f"Accept {_quotes(len(plan))}?"), answered)

        self.fetch(PREVIEW, lambda: preview_accept(self.engine, quote.article_id, share), confirm)


def _quotes(number: int) -> str:
    return f"{number} quote{'' if number == 1 else 's'}"


def _who(planned: Planned) -> str:
    return one_line(planned.after.speaker.name) if planned.after.speaker else "nobody named"


def _lines(plan: Sequence[Planned]) -> list[str]:
    return [f"{quoted(planned.content, 50)}: {'; '.join(planned.differences) or 'as it is'}" for planned in plan]
