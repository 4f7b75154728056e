"""URLs, against a real server on loopback: nothing here leaves the machine."""

import contextlib
import gzip
import json
import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from quotetrack import __version__
from quotetrack.domain import Article, Rejected
from quotetrack.reading import MAX_BYTES, Metadata, count_inputs, fetch
from quotetrack.reading.web import is_public
from tests.reading.conftest import PROSE, Read, page

local = partial(fetch, allow_private=True)
LINES = (json.dumps({"text": PROSE, "id": 1}) + "\nbroken\n").encode()
CANONICAL = '<link rel="canonical" href="https://elsewhere.example/stolen">'
BOMB = gzip.compress(b"\0" * (MAX_BYTES * 4))
PLAIN = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
DRIPS = {
    "/head": (PLAIN + b"X-Long: ", b"x"),
    "/headers": (PLAIN, b"X: x\r\n"),
    "/wait": (b"", b"HTTP/1.1 102 Wait\r\n\r\n"),
    "/body": (PLAIN + b"\r\n" + PROSE.encode(), b"x"),
    "/promised": (PLAIN + b"Content-Length: 5000\r\n\r\n" + PROSE.encode(), b"x"),
    "/chunk": (PLAIN + b"Transfer-Encoding: chunked\r\n\r\n", b"0"),
}
"""What a server says at once, and what it then says for half a minute, bit by bit."""


class Site(BaseHTTPRequestHandler):
    """Answers by path: status, headers, body."""

    agents: ClassVar[set[str | None]] = set()
    answers: ClassVar[dict[str, tuple[int, dict[str, str], bytes]]] = {
        "/page.html?a=1": (200, {"Content-Type": "text/html"}, page().encode()),
        "/other": (200, {"Content-Type": "text/html"}, page(head=CANONICAL).encode()),
        "/charset": (
            200,
            {"Content-Type": 'text/html; charset="cp1252"'},
            page().replace("said", "“said”").encode("cp1252"),
        ),
        "/plain.txt": (200, {"Content-Type": "text/plain; charset=cp1252"}, PROSE.encode("cp1252")),
        "/lying.txt": (200, {"Content-Type": "text/plain; charset=latin-1"}, PROSE.encode()),
        "/notes.md": (200, {"Content-Type": "text/plain"}, f"---\ntitle: T\n---\n{PROSE}".encode()),
        "/lines": (200, {"Content-Type": "application/x-ndjson"}, LINES),
        "/gzip": (200, {"Content-Type": "text/plain", "Content-Encoding": "gzip"}, gzip.compress(PROSE.encode())),
        "/gzip-cut": (
            200,
            {"Content-Type": "text/plain", "Content-Encoding": "gzip"},
            gzip.compress(PROSE.encode())[:-9],
        ),
        "/gzip-bad": (200, {"Content-Type": "text/plain", "Content-Encoding": "gzip"}, PROSE.encode()),
        "/bomb": (200, {"Content-Type": "text/plain", "Content-Encoding": "gzip"}, BOMB),
        "/gzip-in-gzip": (
            200,
            {"Content-Type": "text/plain", "Content-Encoding": "gzip, gzip"},
            gzip.compress(gzip.compress(b"x")),
        ),
        "/packed.txt": (200, {"Content-Type": "text/plain"}, gzip.compress(gzip.compress(PROSE.encode()))),
        "/brotli": (200, {"Content-Type": "text/plain", "Content-Encoding": "br"}, b"x"),
        "/moved": (302, {"Location": "/page.html?a=1&utm_source=x"}, b""),
        "/page.html?a=1&utm_source=x": (200, {"Content-Type": "text/html"}, page().encode()),
        "/loop": (302, {"Location": "/loop"}, b""),
        "/to-file": (302, {"Location": "file:///etc/passwd"}, b""),
        "/to-nowhere": (302, {"Location": "http://[bad/"}, b""),
        "/gone": (410, {"Content-Type": "text/html"}, page().encode()),
        "/image": (200, {"Content-Type": "image/png"}, b"x"),
        "/untyped": (200, {}, PROSE.encode()),
        "/declared": (200, {"Content-Type": "text/plain", "Content-Length": str(MAX_BYTES * 9)}, b""),
        "/empty": (200, {"Content-Type": "text/html"}, b""),
    }

    def do_GET(self) -> None:
        self.agents.add(self.headers["User-Agent"])
        if self.path in DRIPS:
            start, drop = DRIPS[self.path]
            with contextlib.suppress(OSError):  # As it should be: the reader hung up.
                self.wfile.write(start)
                for _ in range(600):
                    self.wfile.write(drop)
                    time.sleep(0.05)
            return
        if self.path == "/endless":
            self.send_response(200)
            self.send_header("Content-Type", "text/plain")
            self.end_headers()
            try:
                for _ in range(100):
                    self.wfile.write(b"word " * 200_000)
            except OSError:
                return  # As it should be: the reader hung up.
            raise AssertionError("all 100 MB were read")
        status, headers, body = self.answers.get(self.path, (404, {"Content-Type": "text/html"}, b""))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Not on standard error."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("path", "name", "url"),
    [
        ("/page.html?a=1", "page", "/page.html?a=1"),
        ("/moved", "page", "/page.html?a=1"),
        ("/other", "other", "/other"),
        ("/charset", "charset", "/charset"),
        ("/plain.txt", "plain", "/plain.txt"),
        ("/lying.txt", "lying", "/lying.txt"),
        ("/notes.md", "notes", "/notes.md"),
        ("/gzip#part", "gzip", "/gzip"),
    ],
)
def test_what_is_read_and_the_url_it_is_known_by(path: str, name: str, url: str, site: str, read: Read) -> None:
    [article] = read(site + path, fetcher=local)
    assert isinstance(article, Article)
    assert (article.name, article.url) == (name, site + url)
    assert article.location == site + path
    if "text/plain" in Site.answers[url][1]["Content-Type"]:
        assert article.text.endswith(PROSE)
    if name == "charset":
        assert "“said”" in article.text
    assert Site.agents == {f"quotetrack/{__version__}"}


def test_lines_at_a_url_and_no_url_twice(site: str, read: Read) -> None:
    urls = [f"{site}/lines", f"{site}/lines#again"]
    first, second = read(*urls, fetcher=local, defaults=Metadata(outlet="O"))
    assert isinstance(first, Article)
    assert (first.name, first.outlet, first.url) == ("1", "O", None)
    assert second.location == f"{site}/lines:2"
    assert count_inputs(urls) == 1


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/nowhere", "http"),
        ("/gone", "http"),
        ("/loop", "http"),
        ("/to-file", "address"),
        ("/to-nowhere", "network"),
        ("/image", "content_type"),
        ("/untyped", "content_type"),
        ("/brotli", "content_type"),
        ("/gzip-in-gzip", "content_type"),
        ("/packed.txt", "binary"),
        ("/declared", "too_large"),
        ("/endless", "too_large"),
        ("/bomb", "too_large"),
        ("/gzip-cut", "network"),
        ("/gzip-bad", "network"),
        ("/empty", "empty"),
    ],
)
def test_what_is_refused(path: str, reason: str, site: str, read: Read) -> None:
    [rejected] = read(site + path, fetcher=local)
    assert isinstance(rejected, Rejected)
    assert rejected.reason == reason
    assert "\n" not in rejected.message


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "127.1", "2130706433", "0177.0.0.1", "0x7f.1", "0x7f000001", "017700000001",
        "①②⑦.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "0.0.0.0", "0",
    ],
)  # fmt: skip
def test_private_addresses_are_refused_however_they_are_written(host: str, site: str, read: Read) -> None:
    [rejected] = read(f"http://{host}:{site.rpartition(':')[2]}/page.html?a=1")
    assert isinstance(rejected, Rejected)
    assert rejected.reason in ("address", "network" if host.startswith("[") else "address")


def test_a_redirect_into_the_private_network_is_refused(site: str, read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first host passes as public; where it sends us is checked like any other."""
    monkeypatch.setattr("quotetrack.reading.web.is_public", lambda address: address == "127.0.0.1")
    port = site.rpartition(":")[2]
    monkeypatch.setitem(Site.answers, "/inward", (302, {"Location": f"http://127.0.0.2:{port}/page.html?a=1"}, b""))
    assert isinstance(read(f"{site}/page.html?a=1")[0], Article)
    [rejected] = read(f"{site}/inward")
    assert isinstance(rejected, Rejected)
    assert rejected.reason == "address"
    assert "127.0.0.2" in rejected.message


def test_the_connection_goes_to_the_address_that_was_checked(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that resolves to something else the second time (DNS rebinding) gains nothing."""
    asked = []

    def resolve(host: str, port: int, *_: object, **__: object) -> list[tuple[object, ...]]:
        asked.append(host)
        return [(2, 1, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr("quotetrack.reading.web.socket.getaddrinfo", resolve)
    fetched = local(site.replace("127.0.0.1", "rebinding.example") + "/page.html?a=1")
    assert fetched.content == page().encode()
    # The connection itself asks once more, for the bare address.
    assert asked == ["rebinding.example", "127.0.0.1"]


@pytest.mark.parametrize("path", DRIPS)
def test_a_server_that_drips_is_cut_off(path: str, site: str, read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each byte comes in time; all of them never would."""
    monkeypatch.setattr("quotetrack.reading.web.DEADLINE_SECONDS", 0.6)
    started = time.monotonic()
    [rejected] = read(site + path, fetcher=local)
    assert isinstance(rejected, Rejected)
    assert (rejected.reason, "took too long" in rejected.message) == ("network", True)
    assert time.monotonic() - started < 10


def test_a_quick_answer_leaves_no_thread_behind(site: str) -> None:
    before = threading.active_count()
    for _ in range(5):
        local(f"{site}/page.html?a=1")
    assert threading.active_count() <= before + 1  # The server's own may not have ended.


def test_one_private_address_of_many_forbids_the_host(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        return [(2, 1, 6, "", (address, port)) for address in ("93.184.216.34", "10.0.0.7")]

    monkeypatch.setattr("quotetrack.reading.web.socket.getaddrinfo", resolve)
    [rejected] = read("http://intranet.example/")
    assert isinstance(rejected, Rejected)
    assert rejected.reason == "address"


def test_no_connection(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    [rejected] = read("http://127.0.0.1:1/", fetcher=local)
    assert rejected.reason == "network"  # type: ignore[union-attr]
    monkeypatch.setattr("quotetrack.reading.web.DEADLINE_SECONDS", -1.0)
    [rejected] = read("http://127.0.0.1:1/", fetcher=local)
    assert "too long" in rejected.message  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("10.0.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::5db8:d822", True),
        ("2002:7f00:1::", False),
    ],
)
def test_is_public(address: str, expected: bool) -> None:
    assert is_public(address) is expected
