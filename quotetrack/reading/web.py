"""Fetching one page: the only place that uses the network, and only for URLs the user gave.

A URL, or a redirect, may point into the user's own network; such addresses are refused. The check would be worthless
if the name were looked up again for the connection, so the connection is made to the very address that was checked.
For the same reason the environment's proxy settings are not used.
"""

import ipaddress
import re
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from quotetrack import __version__
from quotetrack.reading.common import MAX_BYTES, Fault, Fetched, too_large

if TYPE_CHECKING:
    import httpx2

TIMEOUT_SECONDS = 20.0
"""For connecting, and for each wait for more of the answer."""
DEADLINE_SECONDS = 60.0
"""For the whole of one URL with its redirects: a server that drips bytes never runs into the other limit."""
MAX_REDIRECTS = 5
MAX_ADDRESSES = 3
"""How many addresses of one host are tried."""

HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
MARKDOWN_TYPES = frozenset({"text/markdown", "text/x-markdown"})
JSONL_TYPES = frozenset(
    {
        "application/jsonl",
        "application/x-jsonlines",
        "application/jsonlines",
        "application/x-ndjson",
        "application/ndjson",
    }
)
_READABLE_TYPES = HTML_TYPES | MARKDOWN_TYPES | JSONL_TYPES | {"text/plain"}
_HEADERS = {
    "User-Agent": f"quotetrack/{__version__}",
    "Accept": "text/html, application/xhtml+xml, text/markdown, text/plain;q=0.9, application/x-ndjson",
    # gzip alone, because it can be unpacked bit by bit: a small answer may unpack to gigabytes.
    "Accept-Encoding": "gzip",
}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def fetch(url: str, *, allow_private: bool = False) -> Fetched:
    """Get an http(s) URL, following up to `MAX_REDIRECTS` redirects.

    `allow_private` also allows loopback, private and link-local addresses. Raises `Fault`: `address` (unusable or
    refused), `network`, `http` (the answer's status), `content_type`, `too_large`.
    """
    import httpx2

    deadline = time.monotonic() + DEADLINE_SECONDS
    # trust_env off: no proxies, and no passwords from ~/.netrc.
    with (
        httpx2.Client(timeout=TIMEOUT_SECONDS, trust_env=False, follow_redirects=False) as client,
        _cut_off_at(deadline) as trace,
    ):
        try:
            target = httpx2.URL(url)
            for _ in range(MAX_REDIRECTS + 1):
                response = _send(client, target, allow_private, deadline, trace)
                try:
                    if not response.has_redirect_location:
                        return _receive(response, target, deadline)
                    target = target.join(response.headers["Location"])
                finally:
                    response.close()
        except httpx2.TimeoutException as error:
            raise _timed_out() from error
        except httpx2.InvalidURL as error:
            raise Fault("address", f"it is not a usable URL ({error}); check it") from error
        except httpx2.HTTPError as error:
            if time.monotonic() > deadline:
                raise _timed_out() from error
            raise Fault(
                "network", f"it cannot be fetched ({error or type(error).__name__}); try again later"
            ) from error
    raise Fault("http", f"it redirects more than {MAX_REDIRECTS} times; open it in a browser and give the final URL")


@contextmanager
def _cut_off_at(deadline: float) -> Iterator[Callable[[str, dict[str, Any]], None]]:
    """Closes at the deadline whatever connection the client was traced to open.

    The client waits anew for each read, so that a server dripping header after header could hold it for ever.
    """
    open_: list[socket.socket] = []

    def trace(event: str, known: dict[str, Any]) -> None:
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            open_.append(known["return_value"].get_extra_info("socket"))
            if time.monotonic() > deadline:
                cut()

    def cut() -> None:
        for connection in open_:
            with suppress(OSError):
                socket.socket.shutdown(connection, socket.SHUT_RDWR)  # not TLS's own, which would talk to the server

    timer = threading.Timer(max(deadline - time.monotonic(), 0), cut)
    timer.daemon = True
    timer.start()
    try:
        yield trace
    finally:
        timer.cancel()


def _send(
    client: "httpx2.Client", url: "httpx2.URL", allow_private: bool, deadline: float,
    trace: Callable[[str, dict[str, Any]], None],
) -> "httpx2.Response":  # fmt: skip
    """Ask for `url` at one of its host's addresses; the body is not read yet."""
    import httpx2

    if url.scheme not in ("http", "https") or not url.host:
        raise Fault("address", f"{shortened(str(url))} is not an http(s) URL; only those are fetched")
    host = url.raw_host.decode("ascii")
    headers = {**_HEADERS, "Host": url.netloc.decode("ascii")}
    failure: Exception | None = None
    for address in resolve(host, url.port or (443 if url.scheme == "https" else 80), allow_private)[:MAX_ADDRESSES]:
        if time.monotonic() > deadline:
            raise _timed_out()
        # The certificate is still checked against the host's name.
        request = client.build_request(
            "GET", url.copy_with(host=address), headers=headers, extensions={"sni_hostname": host, "trace": trace}
        )
        try:
            return client.send(request, stream=True)
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
            failure = error
    raise Fault("network", f"no connection to {host} ({failure}); check the URL and your connection") from failure


def resolve(host: str, port: int, allow_private: bool) -> list[str]:
    """The IP addresses of a host. Raises `Fault` (`address`, `network`); one forbidden address forbids the host."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (UnicodeError, ValueError, OverflowError) as error:
        raise Fault("address", f"{shortened(host)} is not a host name; check the URL") from error
    except OSError as error:
        raise Fault("network", f"the host {host} was not found; check the URL and your connection") from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not allow_private and not all(map(is_public, addresses)):
        raise Fault(
            "address", f"{host} is in a private network, which is not read from; save the page and give the file"
        )
    return addresses


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet, also when it wraps an IPv4 address."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        wrapped = ip.ipv4_mapped or ip.sixtofour
        if ip in _NAT64:
            wrapped = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if wrapped is not None:
            return is_public(str(wrapped))
    return ip.is_global and not ip.is_multicast


def _receive(response: "httpx2.Response", url: "httpx2.URL", deadline: float) -> Fetched:
    """The body of a good answer of a type that can be read."""
    if response.status_code != 200:
        phrase = f"{response.status_code} {response.reason_phrase}".strip()
        raise Fault("http", f"the server answered {phrase}; check the URL, or save the page and give the file")
    content_type, _, parameters = response.headers.get("Content-Type", "").partition(";")
    content_type = content_type.strip().lower()
    if content_type not in _READABLE_TYPES:
        raise Fault(
            "content_type",
            f"it is {shortened(content_type) or 'of no stated type'}, not a page or text; give an article",
        )
    length = response.headers.get("Content-Length", "").strip()
    if re.fullmatch(r"[0-9]{1,18}", length) and int(length) > MAX_BYTES:
        raise too_large("the page")
    charset = re.search(r"""charset\s*=\s*["']?([\w.:-]+)""", parameters, re.I)
    return Fetched(str(url), _body(response, deadline), content_type, charset[1] if charset else None)


def _body(response: "httpx2.Response", deadline: float) -> bytes:
    body = bytearray()
    for piece in _unpacked(response):
        body += piece
        if len(body) > MAX_BYTES:
            raise too_large("the page")
    if time.monotonic() > deadline:  # what was cut off then may look like an end
        raise _timed_out()
    return bytes(body)


def _unpacked(response: "httpx2.Response") -> Iterator[bytes]:
    """The body in pieces of bounded size, whatever it unpacks to."""
    packing = response.headers.get("Content-Encoding", "identity").strip().lower()
    if packing in ("identity", ""):
        yield from response.iter_raw()
        return
    if packing not in ("gzip", "x-gzip"):
        raise Fault(
            "content_type", f"it is packed as {shortened(packing)}, which was not asked for; save the page instead"
        )
    unpacker = zlib.decompressobj(wbits=31)
    try:
        for packed in response.iter_raw():
            while packed and not unpacker.eof:
                yield unpacker.decompress(packed, MAX_BYTES)
                packed = unpacker.unconsumed_tail
    except zlib.error as error:
        raise Fault("network", "the answer is damaged (gzip); try again later") from error
    if not unpacker.eof:
        raise Fault("network", "the answer was cut off (gzip); try again later")


def _timed_out() -> Fault:
    return Fault("network", "the server took too long to answer; try again later")


def shortened(text: str, limit: int = 80) -> str:
    """`text` for a message."""
    return text if len(text) <= limit else text[: limit - 1] + "…"
