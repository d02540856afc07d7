"""The error for a package that only the benchmark needs."""

from __future__ import annotations

from quire.errors import CapabilityMissing


def missing_extra(error: ImportError) -> CapabilityMissing:
    """What to raise where importing a package of the extra failed; raise it `from` the ImportError."""
    return CapabilityMissing(
        f"the benchmark needs the package '{error.name}': install it with `pip install 'quire-ocr[bench]'`"
    )
