"""A PostgreSQL server for the tests: one that is given, or one that they start, of nobody's but theirs."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from itertools import count
from pathlib import Path

from sqlalchemy import URL, create_engine, make_url

from quotetrack.sources.catalogue import bundled_catalogue
from quotetrack.store.schema import open_database
from quotetrack.store.sources import sync_catalogue

GIVEN = "QUOTETRACK_TEST_DATABASE_URL"
REQUIRED = ("CI", "QUOTETRACK_REQUIRE_POSTGRESQL")
USER = "quotetrack"
GUEST = "guest"
"""A user whom the server asks for a password."""
SETTINGS = {
    "listen_addresses": "", "port": "5432", "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off",
    "max_connections": "60", "autovacuum": "off",
}  # fmt: skip
"""It listens at a socket in a folder of its own, so the port is free; and it loses all if the machine stops."""
ENGLISH = "locale_provider icu icu_locale 'en-US' locale 'C'"
"""Sorts as English readers expect: quotetrack must not depend on it."""


class NoServer(Exception):
    """There is no server, and none can be started."""


class Server:
    """A server on which databases may be made and dropped."""

    def __init__(self, url: URL, *, is_ours: bool) -> None:
        self.url = url
        self.is_ours = is_ours
        self._engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with self._engine.connect() as connection:
            is_15 = int(connection.exec_driver_sql("show server_version_num").scalar_one()) >= 15_00_00
        self._english, self._quickly = (ENGLISH, "strategy file_copy") if is_15 else ("", "")
        self._numbers = count(1)
        self._templates: dict[bool, str] = {}

    def run(self, sql: str) -> None:
        with self._engine.connect() as connection:
            connection.exec_driver_sql(sql)

    def empty(self) -> str:
        """The URL of a new database without tables."""
        return self.make(f"template template0 encoding 'UTF8' {self._english}")

    def make(self, how: str) -> str:
        name = f"quotetrack_test_{os.getpid()}_{next(self._numbers)}"
        self.run(f'create database "{name}" {how}')
        return self.url.set(database=name).render_as_string(hide_password=False)

    def new(self, *, catalogue: bool = False) -> str:
        """The URL of a new database at head, with or without the catalogue: a copy of one that was made once."""
        if catalogue not in self._templates:
            self._templates[catalogue] = self.empty()
            engine = open_database(self._templates[catalogue], create=True)
            if catalogue:
                sync_catalogue(engine, bundled_catalogue())
            engine.dispose()
        return self.make(f'template "{make_url(self._templates[catalogue]).database}" {self._quickly}')

    def drop(self, url: str) -> None:
        self.run(f'drop database if exists "{make_url(url).database}" with (force)')

    def close(self) -> None:
        for url in self._templates.values():
            self.drop(url)
        self._engine.dispose()


@contextmanager
def server() -> Iterator[Server]:
    """The server that is given, else one of our own while it is needed. Raises NoServer if there is neither."""
    if given := os.environ.get(GIVEN):
        found = Server(make_url(given).set(drivername="postgresql"), is_ours=False)
        yield found
        found.close()
        return
    binaries = _binaries()
    user = _unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="quotetrack-pg-"))  # not pytest's: a socket's path is short, or fails
    if user:
        shutil.chown(folder, user)
    run = partial(subprocess.run, user=user, cwd=folder, check=True, capture_output=True, text=True)
    control = [str(binaries / "pg_ctl"), "-D", str(folder / "data"), "-w"]
    try:
        run([
            str(binaries / "initdb"), "-D", str(folder / "data"), "-U", USER, "--auth=trust", "--encoding=UTF8",
            "--locale=C.UTF-8", "--no-sync",
        ])  # fmt: skip
        rules = folder / "data" / "pg_hba.conf"
        rules.write_text(f"local all {GUEST} scram-sha-256\n" + rules.read_text())
        settings = SETTINGS | {"unix_socket_directories": str(folder)}
        with (folder / "data" / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
        run([*control, "-l", str(folder / "log"), "start"])
        try:
            where = {"host": str(folder), "port": SETTINGS["port"]}
            found = Server(URL.create("postgresql", USER, database="postgres", query=where), is_ours=True)
            yield found
            found.close()
        finally:
            run([*control, "-m", "immediate", "stop"])
    except subprocess.CalledProcessError as error:
        raise NoServer(f"no PostgreSQL server starts: {error.stderr or error.stdout}") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _binaries() -> Path:
    """Where PostgreSQL's programs are: on the path, or where Debian puts them."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not versions:
        raise NoServer(f"no PostgreSQL server: install Debian's `postgresql`, or name one in {GIVEN}")
    return versions[-1].parent


def _unprivileged(names: Sequence[str] = ("postgres", "nobody")) -> str | None:
    """A user as whom a server may run: it refuses to be root."""
    if os.geteuid() != 0:
        return None
    import pwd

    for name in names:
        with suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise NoServer(f"a PostgreSQL server does not run as root, and there is no user {' or '.join(names)}")


def is_required() -> bool:
    """Whether the tests must fail rather than be skipped without a server."""
    return any(os.environ.get(name, "") not in ("", "0", "false") for name in REQUIRED)
