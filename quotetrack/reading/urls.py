"""One spelling for each URL, so that the same page is the same article wherever its address came from."""

import re
from urllib.parse import unquote, urlsplit, urlunsplit

TRACKING_PARAMETERS = frozenset(
    {
        "fbclid",
        "gclid",
        "gclsrc",
        "dclid",
        "gbraid",
        "wbraid",
        "msclkid",
        "twclid",
        "ttclid",
        "yclid",
        "igshid",
        "igsh",
        "mc_cid",
        "mc_eid",
        "mkt_tok",
        "_ga",
        "_gl",
        "_hsenc",
        "_hsmi",
        "__twitter_impression",
        "ref_src",
        "ref_url",
        "cmpid",
        "ocid",
        "spm",
        "vero_id",
        "oly_anon_id",
        "oly_enc_id",
        "s_cid",
        "wt_mc",
        "xtor",
    }
)
"""Names of query parameters that say how a reader came to the page, not which page it is. Also all of `utm_*`."""

_NOT_IN_URLS = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff]")
DEFAULT_PORTS = {"http": 80, "https": 443}


def canonical_url(url: str) -> str:
    """The URL by which an article is known.

    Scheme and host in lower case; without user name and password, default port, fragment and tracking parameters;
    the remaining query sorted by name (parameters of one name keep their order). Path and escapes stay as they are,
    except that no path becomes `/`. Applying it twice changes nothing more.

    Raises `ValueError` for anything but an http(s) URL with a host.
    """
    url = url.strip().partition("#")[0].rstrip()
    if _NOT_IN_URLS.search(url):
        raise ValueError("a URL cannot contain spaces or control characters; write them as %20 and the like")
    parts = urlsplit(url)
    host = parts.hostname
    if parts.scheme not in DEFAULT_PORTS or not host:
        raise ValueError("only http:// and https:// URLs with a host name are known")
    netloc = f"[{host}]" if ":" in host else host
    if parts.port is not None and parts.port != DEFAULT_PORTS[parts.scheme]:
        netloc += f":{parts.port}"
    # Raw pieces rather than parse_qsl and urlencode, which would rewrite escapes and so change the address.
    pieces = sorted((piece for piece in parts.query.split("&") if piece and not _is_tracking(piece)), key=_name_of)
    return urlunsplit((parts.scheme, netloc, parts.path or "/", "&".join(pieces), ""))


def is_front_page(url: str) -> bool:
    """Whether a canonical URL names a whole site rather than one of its pages."""
    parts = urlsplit(url)
    return parts.path == "/" and not parts.query


def same_site(one: str, other: str) -> bool:
    """Whether two canonical URLs have one host, give or take `www.` and the like."""
    return _bare_host(one) == _bare_host(other)


def _bare_host(url: str) -> str:
    host = urlsplit(url).hostname or ""
    for prefix in ("www.", "m.", "mobile.", "amp."):
        host = host.removeprefix(prefix)
    return host


def _name_of(piece: str) -> str:
    return unquote(piece.partition("=")[0])


def _is_tracking(piece: str) -> bool:
    name = _name_of(piece).lower()
    return name.startswith("utm_") or name in TRACKING_PARAMETERS
