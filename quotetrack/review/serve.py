"""The review in a browser: a small web server on this machine that runs the terminal app for each page opened.

There is no authentication, so only pages of its own may talk to it: any web page open in the same browser could
otherwise type into the review.
"""

import shlex
import socket
from collections.abc import Awaitable, Callable, Sequence
from importlib.util import find_spec
from ipaddress import ip_address
from typing import Any

from quotetrack.errors import QuotetrackError


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach it."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def address(host: str, port: int) -> str:
    """As it stands in a URL."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def check_can_serve(host: str, port: int) -> None:
    """Raises QuotetrackError if the extra is not installed, or if the address cannot be listened on."""
    if find_spec("textual_serve") is None:
        raise QuotetrackError(
            "The review in a browser needs an extra that is not installed: pip install 'quotetrack[serve]'."
        )
    try:
        family, *_, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        socket.create_server(where[:2], family=family).close()
    except OSError as error:
        raise QuotetrackError(
            f"{address(host, port)} cannot be listened on: {error.strerror or error}. Give another --port or --host."
        ) from error


def serve(command: Sequence[str], *, host: str, port: int) -> None:
    """Serve until interrupted; each page that is opened runs `command` in a process of its own."""
    from aiohttp import web
    from textual_serve.server import Server

    class OurServer(Server):
        async def _make_app(self) -> web.Application:
            app = await super()._make_app()
            app.middlewares.append(_only_own_pages(_names(host, port)))
            return app

        async def handle_index(self, request: web.Request) -> Any:
            # a page asks what it needs of the name by which it was called: 0.0.0.0 is none
            self.public_url = f"http://{request.host}"
            return await super().handle_index(request)

        def initialize_logging(self) -> None:
            """Nothing is logged: what is of use is on standard error already."""

        async def on_startup(self, app: web.Application) -> None:
            """Nothing is printed either."""

    OurServer(shlex.join(command), host, port, title="quotetrack review").serve()


def _names(host: str, port: int) -> set[str]:
    """How a browser may call this server; empty if that is not known."""
    try:
        if ip_address(host).is_unspecified:
            return set()
    except ValueError:
        pass
    hosts = {host, "localhost", "127.0.0.1", "::1"} if is_loopback(host) else {host}
    names = {address(one, port) for one in hosts}
    return names | {name.removesuffix(":80") for name in names if port == 80}


def _only_own_pages(names: set[str]) -> Any:
    """Middleware: refuses what a page of another site asks, and a name of another site that leads here."""
    from aiohttp import web

    @web.middleware
    async def check(
        request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        origin = request.headers.get("Origin")
        if origin is not None and origin.partition("://")[2] != request.host:
            raise web.HTTPForbidden(text="This is not a page of this server.")
        if names and request.host not in names:
            raise web.HTTPForbidden(text=f"This server is called {' or '.join(sorted(names))}.")
        return await handler(request)

    return check
