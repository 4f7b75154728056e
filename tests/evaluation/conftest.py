"""The command line and the databases that other tests' fixtures give."""

from tests.cli.conftest import database, engine, home, record, run, told

__all__ = ["database", "engine", "home", "record", "run", "told"]
