"""What an examination yields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Status = Literal["ok", "warning", "missing"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        status: "missing" for what is not there, needed or not; "warning" for what is there and should be
            better.
        found: what there is, one line.
        remedy: what to do about it; None where there is nothing to do.
    """

    name: str
    status: Status
    found: str
    remedy: str | None = None

    def to_dict(self) -> dict[str, str | None]:
        return {"name": self.name, "status": self.status, "found": self.found, "remedy": self.remedy}
