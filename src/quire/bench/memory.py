"""Does memory stay where it is? One process reads many pages of many kinds while its size is watched."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import cv2

from quire.bench import machine, report
from quire.bench.drawing.canvas import DrawnPage
from quire.bench.drawing.dense import dense_page
from quire.bench.drawing.pdfs import born_digital_pdf, picture_pdf
from quire.bench.drawing.scan import scanned
from quire.bench.drawing.sparse import form, receipt
from quire.errors import EngineFailed, InvalidOption

WARM_AFTER_PAGES: Final = 200
"""Until then networks are compiled for new shapes and buffers find their size."""


def measure_memory(pages: int, out: Path | None) -> dict[str, Any]:
    """See `quire.bench.run_memory`."""
    if pages < 1:
        raise InvalidOption("option 'pages': must be at least 1")
    with tempfile.TemporaryDirectory() as folder:
        draw_documents(Path(folder))
        lines = _child(Path(folder), pages)
    samples = [line for line in lines if "rss_bytes" in line]
    result = {
        "machine": machine.describe(),
        "pages": lines[-1]["pages"],
        "peak_rss_bytes": lines[-1]["peak_rss_bytes"],
        "growth_percent": growth_percent(samples),
        "samples": samples,
    }
    rows = [[line["pages"], line["rss_bytes"] // 10**6] for line in samples]
    growth = result["growth_percent"]
    said = "too few pages to tell" if growth is None else f"{growth:+.1f}% after the first {WARM_AFTER_PAGES} pages"
    peak_mb = result["peak_rss_bytes"] // 10**6
    report.show(f"Memory: peak {peak_mb} MB, growth {said}", ["pages", "resident MB"], rows)
    report.save(result, out)
    return result


def growth_percent(samples: Sequence[dict[str, Any]]) -> float | None:
    """Growth from the first sample of the warm process to the last; None when there are not two."""
    warm = [sample["rss_bytes"] for sample in samples if sample["pages"] >= WARM_AFTER_PAGES]
    return (warm[-1] / warm[0] - 1) * 100 if len(warm) > 1 else None


def draw_documents(folder: Path, variants: int = 12) -> None:
    """Writes mixed documents: text pages clean and scanned, receipts, forms, PDFs of pictures and of text."""
    for seed in range(variants):
        dense = dense_page(seed)
        turned = scanned(dense_page(100 + seed), seed)
        _write(folder / f"dense-{seed}.png", dense)
        _write(folder / f"scanned-{seed}.jpg", turned)
        _write(folder / f"receipt-{seed}.png", receipt(seed))
        _write(folder / f"form-{seed}.jpg", form(seed))
        (folder / f"pictures-{seed}.pdf").write_bytes(picture_pdf([receipt(50 + seed), turned]))
        (folder / f"text-{seed}.pdf").write_bytes(born_digital_pdf(3, seed)[0])


def _write(path: Path, page: DrawnPage) -> None:
    cv2.imwrite(str(path), page.pixels)


def _child(folder: Path, pages: int) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "quire.bench.memory_child", str(folder), str(pages)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)  # noqa: S603
    lines: list[dict[str, Any]] = [json.loads(line) for line in done.stdout.splitlines()]
    if done.returncode or not lines:
        raise EngineFailed(f"the reading process ended early, with status {done.returncode}: see its messages above")
    return lines
