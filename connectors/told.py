"""The words of a listing as a marketplace tells them back, beside those that were sent: pure.

Marketplaces lay words out in ways of their own: bullets before a description, after it, or in a
place apart; other white space. None of that is a difference.
"""

from collections.abc import Sequence
from html.parser import HTMLParser

from connectors.protocol import RemoteListing, Text

_BULLET = "•"
# What begins on a line of its own, and what is a paragraph of its own. Source: HTML Living
# Standard, 15.3.3, as far as editors of product texts write it.
_LINES = frozenset({"br", "li", "tr"})
_PARAGRAPHS = frozenset({"p", "div", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6"})
_UNSEEN = frozenset({"script", "style"})


def says(shown: RemoteListing, text: Text) -> bool:
    """Whether a listing shows the title and the description of `text`; what it hides, it may."""
    return says_title(shown, text) and says_description(shown, text)


def says_title(shown: RemoteListing, text: Text) -> bool:
    """Whether the title is that of `text`."""
    return _words(shown.title) == _words(text.title)


def says_description(shown: RemoteListing, text: Text) -> bool:
    """Whether the description is that of `text`, with its bullets before it, after it, or without.

    True as well where the marketplace did not tell its description.
    """
    if shown.description is None:
        return True
    plain, bullets = _words(text.description), _words(" ".join(text.bullets))
    return _words(shown.description) in {
        plain,
        _words(f"{bullets} {plain}"),
        _words(f"{plain} {bullets}"),
    }


def own_words(description: str, bullets: Sequence[str]) -> str:
    """A description that a marketplace told, without the lines that are our bullets."""
    ours = {_words(bullet) for bullet in bullets}
    lines = (line for line in description.splitlines() if not line or _words(line) not in ours)
    return "\n".join(lines).strip()


def _words(text: str) -> str:
    return " ".join(text.replace(_BULLET, " ").split())


def plain_text(html: str) -> str:
    """HTML as the text that a reader sees: paragraphs apart by an empty line, <br> and <li> by one.

    Scripts and styles are left out.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = [" ".join(line.split()) for line in "".join(reader.parts).split("\n")]
    blocks = "\n".join(lines).split("\n\n")
    return "\n\n".join(block.strip() for block in blocks if block.strip())


class _Reader(HTMLParser):
    """Collects what a reader sees, with line breaks where a browser breaks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self._unseen += tag in _UNSEEN
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in _UNSEEN and self._unseen > 0
        if tag in _PARAGRAPHS:
            self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            # A line break of the source is a space to the reader.
            self.parts.append(data.replace("\n", " "))

    def _break(self, tag: str) -> None:
        if tag in _PARAGRAPHS:
            self.parts.append("\n\n")
        elif tag in _LINES:
            self.parts.append("\n")
