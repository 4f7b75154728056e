"""What tests of opening, migrating and copying share: refusals, statements past the ORM, and threads."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from quotetrack.errors import DatabaseError, ExitCode
from quotetrack.store.engine import Engine, writing
from quotetrack.store.schema import open_database


def refused(database: Path | str, *, create: bool = False) -> str:
    with pytest.raises(DatabaseError) as raised:
        open_database(str(database), create=create)
    assert raised.value.exit_code == ExitCode.DATABASE
    assert "\n" not in str(raised.value)
    return str(raised.value)


@contextmanager
def executing(engine: Engine) -> Iterator[Callable[[str], object]]:
    with writing(engine) as session:
        yield lambda sql: session.execute(text(sql))


def in_threads(*jobs: Callable[[], object]) -> None:
    """Run jobs at the same moment, and raise what any of them raised."""
    errors: list[BaseException] = []
    barrier = threading.Barrier(len(jobs))

    def run(job: Callable[[], object]) -> None:
        barrier.wait()
        try:
            job()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
