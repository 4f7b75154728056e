"""What tests in several directories share."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from quotetrack.annotation.pipeline import Annotator
    from tests.postgresql import Server


@pytest.fixture(scope="session")
def annotator() -> "Annotator":
    """The bundled models, loaded once; a test that asks for them is to be marked `models`."""
    from quotetrack.annotation.pipeline import Annotator

    return Annotator(threads=1)


@pytest.fixture(scope="session")
def postgresql() -> Iterator["Server"]:
    """A PostgreSQL server. Without one the tests that ask for it are skipped, or fail where it is required."""
    from tests.postgresql import NoServer, is_required, server

    with ExitStack() as stack:
        try:
            found = stack.enter_context(server())
        except NoServer as missing:
            (pytest.fail if is_required() else pytest.skip)(str(missing))
        yield found
