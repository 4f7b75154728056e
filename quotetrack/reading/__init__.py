"""Reading: files, directories, web pages and standard input become `Article`s, or `Rejected`s that say why not.

The reasons of a `Rejected`, each always for the same fault:

missing        no such file or directory
nothing_found  a directory without files to read
unreadable     no permission, not a regular file, or a fault of the disk
empty          no text, or white space alone
binary         not text at all
encoding       text in another encoding than UTF-8 (or the one that was named), or half a surrogate pair
too_large      an article, page or line over `MAX_BYTES`
not_article    too little running text, JSON data, or a side-car
metadata       a broken side-car, front matter, or field of a JSON line; a date that cannot be read
future_date    published more than a day from now
json           a line that is not one JSON object
html           a page that cannot be parsed
address        a URL that is not usable, or leads into a private network
network        a host that cannot be reached, or is too slow
http           the server's answer is an error, or one redirect too many
content_type   the URL leads to something that is not a page or text

Offsets: text and Markdown files are decoded and otherwise left alone, line ends and front matter included; they count
from after a byte order mark. Of a web page, the article's text is the extracted running text.
"""

from quotetrack.reading.common import MAX_BYTES, Fault, Fetched, Fetcher
from quotetrack.reading.inputs import DEFAULT_INCLUDE, count_inputs, read_inputs
from quotetrack.reading.metadata import Metadata, parse_published
from quotetrack.reading.urls import canonical_url
from quotetrack.reading.web import fetch

REASONS = frozenset(
    {
        "missing",
        "nothing_found",
        "unreadable",
        "empty",
        "binary",
        "encoding",
        "too_large",
        "not_article",
        "metadata",
        "future_date",
        "json",
        "html",
        "address",
        "network",
        "http",
        "content_type",
    }
)

__all__ = [
    "DEFAULT_INCLUDE",
    "MAX_BYTES",
    "REASONS",
    "Fault",
    "Fetched",
    "Fetcher",
    "Metadata",
    "canonical_url",
    "count_inputs",
    "fetch",
    "parse_published",
    "read_inputs",
]
