"""/docs: the API as one page that works offline: it loads no script, font or style from anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

router = APIRouter()

_STYLE: Final = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 56rem; margin: 2rem auto; padding: 0 1rem;
       color: #1b1f24; background: #fff }
code { font: 14px ui-monospace, monospace; background: #f2f4f7; padding: .1em .3em; border-radius: 3px }
table { border-collapse: collapse; width: 100%; margin-bottom: 1rem }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0 }
tr { border-bottom: 1px solid #dde1e6 }
h2 { margin-top: 2.5rem }
@media (prefers-color-scheme: dark) {
  body { color: #e6e8eb; background: #15181c } a { color: #8ab4f8 }
  code { background: #262b31 } tr { border-color: #333a42 }
}
"""


@router.get("/docs", include_in_schema=False)
async def page(request: Request) -> HTMLResponse:
    """The description in /openapi.json, for people."""
    schema = request.app.openapi()
    info = schema["info"]
    return HTMLResponse(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        f"<title>Quire API</title><style>{_STYLE}</style><h1>Quire {escape(info['version'])}</h1>"
        f"<p>{escape(info['description'])} For programs: <a href=openapi.json>openapi.json</a>.</p>"
        f"{''.join(_operations(schema))}"
    )


def _operations(schema: dict[str, Any]) -> Iterator[str]:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield f"<h2><code>{method.upper()} {escape(path)}</code> {escape(operation['summary'])}</h2>"
            yield f"<p>{escape(operation.get('description', ''))}</p>"
            for mime, content in operation.get("requestBody", {}).get("content", {}).items():
                yield _table(f"Fields of {mime}", _fields(schema, content.get("schema", {})))
            yield _table("Answers", _answers(operation["responses"]))


def _fields(schema: dict[str, Any], body: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if "$ref" in body:
        body = schema["components"]["schemas"][body["$ref"].rpartition("/")[2]]
    for name, field in body.get("properties", {}).items():
        yield name, field.get("description", "")


def _answers(responses: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for status, response in responses.items():
        yield status, f"{response['description']} {', '.join(response.get('content', {}))}"


def _table(title: str, rows: Iterator[tuple[str, str]]) -> str:
    cells = "".join(f"<tr><td><code>{escape(name)}</code><td>{escape(text)}" for name, text in rows)
    return f"<table><tr><th>{escape(title)}<th>{cells}</table>"
