"""What the models read of a text: the same length, with the marks that are no language blanked out.

The stored text is never touched, and because nothing moves, offsets into the view are offsets into the text.
"""

import re

FRONT_MATTER = re.compile(r"\A(---|\+\+\+)\r?\n.*?^\1[ \t]*\r?$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"!?\[(?P<words>[^\[\]\n]{0,500}+)\]\((?P<target>[^)\s]{0,2000}+)(?:\s++\"[^\"\n]{0,500}+\")?\)")
"""Bounded and possessive: a line of brackets that never close is searched in linear time."""
EMPHASIS = re.compile(r"(?<![\w*])(?P<mark>\*{1,3})(?=\S)(?P<words>[^*\n]*\S)(?P=mark)(?![\w*])")
BLOCK = re.compile(r"^[ ]{0,3}(?:#{1,6}(?=\s)|>(?=\s)|[*+-](?=\s))", re.MULTILINE)
BLOB = re.compile(r"[!-~]{500,}")
"""No language: encoded data, a ruled line. Stanza looks for addresses from every character of such a run to its end."""
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def view(text: str) -> str:
    """`text` without Markdown's marks, front matter, data and control characters, each replaced by as many blanks.

    >>> view("*KCNA* said [so](https://example.org).")
    ' KCNA  said  so                       .'
    """
    text = FRONT_MATTER.sub(lambda match: re.sub(r"[^\r\n]", " ", match.group()), text)
    text = LINK.sub(_words_only, text)
    text = EMPHASIS.sub(_words_only, text)
    text = BLOCK.sub(lambda match: " " * len(match.group()), text)
    text = BLOB.sub(lambda match: " " * len(match.group()), text)
    return CONTROL.sub(" ", text)


def _words_only(match: re.Match[str]) -> str:
    start, end = match.span("words")
    words = match.group("words")
    return " " * (start - match.start()) + words + " " * (match.end() - end)
