"""Articles about a bridge: what several people say of it on several days, to be compared."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from quotetrack.domain import Hop
from quotetrack.store.engine import Engine, reading
from quotetrack.store.models import ArticleVersion, AttributionRow
from quotetrack.store.statements.suggest import Compared, suggest
from tests.store.build import channel, quote, save, speaker

MONDAY = datetime(2025, 3, 3, 9, tzinfo=UTC)
LORRIES = "the Varnholt bridge would be reopened to lorries in October"
AGAIN = "the Varnholt bridge would be reopened to lorries in October at the latest"
DENIED = "the Varnholt bridge would not be reopened to lorries in October"
COST, MORE = "the cables would cost 38 million crowns", "the cables would now cost 52 million crowns"
CHOIR = "the town hall choir would sing on Sunday"
FLATLY = "The Varnholt bridge will be reopened to lorries in October."


def tell(
    engine: Engine, content: str, *chain: Hop, day: int = 0, outlet: str = "Eastern Desk", also: str = "", id: str = ""
) -> int:
    """Store an article of one attribution (and a sentence `also`); returns the attribution's id."""
    chain = chain or (speaker("Ada Lorne"),)
    text = f"{chain[-1].name} of the harbour office said that {content}.\n{also}"
    said = quote(*chain, text=text, content=content)
    save(
        engine, said, text=text, id=id or f"{outlet} {day} {content} {chain}", outlet=outlet,
        published=MONDAY + timedelta(days=day),
    )  # fmt: skip
    with reading(engine) as session:
        query = select(AttributionRow.id).order_by(AttributionRow.id.desc()).limit(1)
        return session.scalars(query).one()


def told(engine: Engine) -> tuple[Compared, list[int]]:
    """Six articles, compared: 1 and 2 say the same, 3 denies it, 4 and 5 give two figures, 6 is of another matter."""
    ids = [
        tell(engine, LORRIES),
        tell(engine, AGAIN, channel("KCNA"), speaker("Ada Lorne"), day=1, outlet="Ранок"),
        tell(engine, DENIED, speaker("Otto Quill"), day=2),
        tell(engine, COST, day=2),
        tell(engine, MORE, day=4, outlet="Ранок"),
        tell(engine, CHOIR, speaker("Otto Quill"), day=4),
    ]
    return suggest(engine), ids


def waiting_articles(engine: Engine) -> int:
    with reading(engine) as session:
        return len(session.scalars(select(ArticleVersion.id).where(ArticleVersion.compared.is_(None))).all())
