"""The article in a web page: trafilatura finds its running text and what the page says about it.

`Article.text` is the extracted text, one paragraph a line; offsets go into that, and it is what is stored.
"""

import codecs
import logging
import re
from collections.abc import Mapping
from typing import Any

from quotetrack.domain import Article
from quotetrack.reading.common import Fault, Options
from quotetrack.reading.metadata import Metadata, page_metadata, parse_published
from quotetrack.reading.text import count_words, encoding_of_mark, make_article, refuse_container
from quotetrack.reading.urls import is_front_page, same_site

MIN_PAGE_WORDS = 25
"""Fewest words of running text: less is a menu, a login page or an error page."""

MAX_ELEMENTS = 50_000
MAX_ATTRIBUTES = 200_000
MAX_ATTRIBUTES_OF_ONE = 200
"""Of one element. The parser takes square time for these, and the extractor for elements beside one another."""

_META_CHARSET = re.compile(
    rb"""<(?:meta\b[^>]{0,300}?charset|\?xml\b[^>]{0,300}?encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.I
)
# The HTML standard reads these labels as the Windows code page that pages so labelled really use.
_WIDER = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}


def looks_like_html(data: bytes) -> bool:
    """Whether these bytes plainly are a web page."""
    head = data[:2000].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    return head.startswith((b"<!doctype html", b"<html")) or (head.startswith(b"<?xml") and b"<html" in head)


def read_html(
    data: bytes,
    *,
    name: str,
    location: str,
    sidecar: Metadata,
    options: Options,
    charset: str | None = None,
    url: str | None = None,
) -> Article:
    """The article in a page. `charset` is what the HTTP header said, `url` where the page was fetched.

    Raises `Fault` (`empty`, `binary`, `encoding`, `html`, `not_article`, `future_date`).
    """
    if not data.strip():
        raise Fault("empty", "the page is empty; save it again")
    refuse_container(data)
    page = decode_html(data, charset)
    if "\0" in page:
        raise Fault("binary", "it contains NUL characters, so it is not a web page; save it again as HTML")
    text, found = _extract(page)
    if count_words(text, MIN_PAGE_WORDS) < MIN_PAGE_WORDS:
        raise Fault(
            "not_article",
            f"no running text of {MIN_PAGE_WORDS} words was found in the page; save the article as text instead",
        )
    stated = sidecar.over(_with_url(found, url))
    return make_article(text, name=name, location=location, stated=stated, options=options)


def decode_html(data: bytes, charset: str | None = None) -> str:
    """The page's source. UTF-8 if it is that, else by the header's charset, the page's own, or the web's old default.

    It is not guessed from the bytes: the guesser took each Windows-1252 page we tried for Windows-1250, and so changed
    the accented letters. Raises `Fault` (`encoding`).
    """
    declared = _META_CHARSET.search(data[:4096])
    labels = [encoding_of_mark(data), charset, declared[1].decode("ascii") if declared else None]
    claimed = [codec for label in labels if label and (codec := _codec(label))]
    for codec in ("utf-8-sig", *claimed):
        try:
            return data.decode(codec)
        except ValueError:
            continue
    if "utf-8" in claimed or "utf-8-sig" in claimed:
        # It says it is UTF-8 and a few bytes are broken: like a browser, lose those rather than misread the rest.
        return data.decode("utf-8", "replace")
    try:
        return data.decode("cp1252")
    except ValueError as error:
        raise Fault("encoding", "the page's encoding cannot be told; convert it to UTF-8 with iconv") from error


def _codec(label: str) -> str | None:
    """The codec of a charset label, `None` if Python has no such text encoding."""
    try:
        "".encode(label)
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return None
    return _WIDER.get(name, name)


def _extract(page: str) -> tuple[str, Metadata]:
    """The running text of a page (empty if there is none), and what the page says about it."""
    _quiet()
    import lxml.html
    from trafilatura import bare_extraction

    source = page.encode("utf-8", "replace")
    try:
        lxml.html.etree.fromstring(source, lxml.html.etree.HTMLParser(encoding="utf-8", target=_Counted()))
        parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
        tree = lxml.html.document_fromstring(source, parser=parser)
        # The parser drops whatever is nested deeper than it goes, which could be half of the article.
        if any("Excessive depth" in entry.message for entry in parser.error_log):
            raise Fault("html", "its elements are nested too deeply to be read; save the article as text instead")
        times = tree.xpath('//meta[@property="article:published_time"]/@content')
        # No extensive search for the date: that guesses from the address and the fine print.
        document = bare_extraction(
            tree,
            include_comments=False,
            include_tables=False,
            deduplicate=False,
            with_metadata=True,
            date_extraction_params={"original_date": True, "extensive_search": False},
        )
    except Fault:
        raise
    except Exception as error:  # What a hostile page can trigger in the parsers is not for us to enumerate.
        raise Fault("html", f"the page cannot be parsed ({type(error).__name__}); save the article as text") from error
    if document is None or isinstance(document, dict):
        return "", Metadata()
    values = {
        "title": document.title,
        "author": document.author,
        "outlet": document.sitename,
        "url": document.url,
        "published": _exact_time(times) or document.date,
    }
    return document.text or "", page_metadata(values)


class _Counted:
    """A target of the parser, which builds no tree for it: the time it takes grows with the page, and no faster."""

    def __init__(self) -> None:
        self.elements = self.attributes = 0

    def start(self, _tag: str, attributes: Mapping[str, str]) -> None:
        self.elements += 1
        self.attributes += len(attributes)
        if self.elements > MAX_ELEMENTS or self.attributes > MAX_ATTRIBUTES or len(attributes) > MAX_ATTRIBUTES_OF_ONE:
            raise Fault(
                "html", "it has more elements or attributes than any article needs; save the article as text instead"
            )

    def close(self) -> None:
        """Nothing comes of it."""


def _exact_time(times: list[Any]) -> str | None:
    """The first of the page's own times of publication that can be read: trafilatura gives the day alone."""
    for value in map(str, times):
        try:
            parse_published(value)
        except ValueError:
            continue
        return value
    return None


def _with_url(found: Metadata, fetched_from: str | None) -> Metadata:
    """`found` with the URL that is its identity.

    Sites that name their front page as canonical would make all their articles one, and a page of another site must
    not pass for a new version of this one's article.
    """
    url = found.url
    if url and (is_front_page(url) or (fetched_from and not same_site(url, fetched_from))):
        url = None
    return found.model_copy(update={"url": url or fetched_from})


def _quiet() -> None:
    """Keep the libraries' log from standard error, where logging puts it when nobody has set it up."""
    for name in ("trafilatura", "htmldate", "courlan", "justext", "charset_normalizer"):
        logger = logging.getLogger(name)
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())
