"""The filled database that only the store's tests would have otherwise."""

from tests.store.conftest import database, engine, record

__all__ = ["database", "engine", "record"]
