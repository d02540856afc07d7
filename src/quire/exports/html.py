"""Document → one HTML file: structure, tables and links, without script, and nothing loaded but its figures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from quire.document import Block, Document, Page
from quire.document.escaping import clean
from quire.document.markdown import MARGINALIA, merged
from quire.document.spanning import joined_pages
from quire.exports.anchors import Anchors, anchors, linked
from quire.exports.html_lists import list_html
from quire.exports.markup import markup

_POLICY: Final = "default-src 'none'; img-src 'self' file: data:; style-src 'unsafe-inline'"
_STYLE: Final = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}"
    "section{border-top:1px solid #ccc;padding:1rem 0}table{border-collapse:collapse}"
    "th,td{border:1px solid #999;padding:.2rem .5rem;text-align:start;vertical-align:top}"
    "header,footer,aside,figcaption,.caption{color:#555;font-size:.9rem}img{max-width:100%}"
    "pre{overflow-x:auto}.ttb{writing-mode:vertical-rl}"
)
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def to_html(document: Document) -> str:
    """All pages, each a `<section id="page-N">`, with its headers and footers at its ends."""
    title = markup(document.metadata.title or document.name)
    body = "\n".join(map(_page, joined_pages(document.pages)))
    return (
        f'<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f'<meta name="viewport" content="width=device-width">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _page(page: Page) -> str:
    language = f' lang="{page.language}"' if _LANGUAGE.fullmatch(page.language) else ""
    return "\n".join([f'<section id="page-{page.number}"{language}>', *_PageWriter(page).parts(), "</section>"])


class _PageWriter:
    """Writes the blocks of one page."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._anchors: Anchors = anchors(page)
        captions = [table.caption for table in page.tables] + [figure.caption for figure in page.figures]
        self._captions = {" ".join(caption.split()) for caption in captions if caption}

    def parts(self) -> Iterator[str]:
        yield from self._margin("header", {"header"})
        for block in merged(self._page.blocks):
            # What names a table or a figure is written with it.
            if block.kind != "caption" or " ".join(block.text.split()) not in self._captions:
                yield self._block(block)
        yield from self._margin("footer", MARGINALIA - {"header"})

    def _margin(self, tag: str, kinds: frozenset[str] | set[str]) -> Iterator[str]:
        for block in self._page.blocks:
            if block.kind in kinds:
                yield f"<{tag}>{self._element('p', block)}</{tag}>"

    def _block(self, block: Block) -> str:
        if block.kind == "table" and block.table is not None:
            return f"<div{_direction(block)}>{self._page.tables[block.table].html}</div>"
        if block.kind == "figure" and block.figure is not None:
            return self._figure(block, block.figure)
        if block.kind == "list" and block.items:
            return list_html(block.items, _direction(block), self._text)
        if block.kind == "code":
            return f"<pre><code>{markup(block.text)}</code></pre>"
        if block.kind == "footnote":
            return f'<aside role="doc-footnote">{self._element("p", block)}</aside>'
        return self._element(_tag(block), block)

    def _figure(self, block: Block, index: int) -> str:
        figure = self._page.figures[index]
        name, alt = markup(figure.id), markup(" ".join((figure.caption or figure.text).split()))
        inside = f"<p>{self._text(block.text, block.lines)}</p>" if block.text.strip() else ""
        caption = f"<figcaption>{markup(figure.caption)}</figcaption>" if figure.caption else ""
        return f'<figure id="{name}"><img src="{name}.png" alt="{alt}">{inside}{caption}</figure>'

    def _element(self, tag: str, block: Block) -> str:
        kind = f' class="{block.kind}"' if block.kind in ("caption", "formula") else ""
        return f"<{tag}{kind}{_direction(block)}>{self._text(block.text, block.lines)}</{tag}>"

    def _text(self, text: str, lines: tuple[int, ...]) -> str:
        """Text of these lines, which may hold links; a line break that was meant is one."""
        found = [entry for index in lines for entry in self._anchors.get(index, ())]
        return linked(clean(text).strip(), found).replace("\n", "<br>\n")


def _tag(block: Block) -> str:
    if block.kind == "title":
        return "h1"
    return f"h{min(1 + (block.level or 1), 6)}" if block.kind == "heading" else "p"


def _direction(block: Block) -> str:
    return {"rtl": ' dir="rtl"', "ttb": ' class="ttb"'}.get(block.direction, "")
