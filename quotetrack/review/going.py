"""What a screen asks of the app: to go elsewhere, or to know that something has changed. And where one has been."""

from dataclasses import dataclass, field

from textual.message import Message

DEPTH = 100
"""How many positions are remembered."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose history is shown: that of an attribution and its article, of a source, or of all."""

    attribution_id: int | None = None
    article_id: int | None = None
    source_id: int | None = None
    name: str = ""
    """What to call it."""


class SourcesChanged(Message):
    """Names in the queue may be others now."""


@dataclass
class OpenAttribution(Message):
    """Show this attribution in the queue."""

    attribution_id: int


@dataclass
class OpenQuotes(Message):
    """Show what this source said or carried in the queue."""

    source_id: int


@dataclass
class OpenHistory(Message):
    subject: Subject


@dataclass
class Positions:
    """The attributions that the reviewer has jumped from and to, with a place among them."""

    ids: list[int] = field(default_factory=list)
    place: int = -1

    def jump(self, here: int | None, there: int) -> None:
        """Note a jump. What was ahead is forgotten, as in a browser."""
        del self.ids[self.place + 1 :]
        for id_ in (here, there):
            if id_ is not None and self.ids[-1:] != [id_]:
                self.ids.append(id_)
        del self.ids[:-DEPTH]
        self.place = len(self.ids) - 1

    def back(self, here: int | None) -> int | None:
        """The position before; None if there is none. From off the way, that is the one left last."""
        if here is not None and self.ids and self.ids[self.place] != here:
            return self.ids[self.place]
        if self.place < 1:
            return None
        self.place -= 1
        return self.ids[self.place]

    def forward(self) -> int | None:
        if self.place + 1 >= len(self.ids):
            return None
        self.place += 1
        return self.ids[self.place]
