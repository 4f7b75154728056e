"""What tests in several directories share."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from quotetrack.annotation.pipeline import Annotator


@pytest.fixture(scope="session")
def annotator() -> "Annotator":
    """The bundled models, loaded once; a test that asks for them is to be marked `models`."""
    from quotetrack.annotation.pipeline import Annotator

    return Annotator(threads=1)
