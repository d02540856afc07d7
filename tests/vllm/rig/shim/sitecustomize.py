"""Lets torchvision be imported beside a PyTorch that was built for the CPU.

Registries carry torchvision built for CUDA alone: its library cannot be loaded there, and importing it fails at once
for want of two operators. Here they are declared, without code, just before: nothing of the rig calls them.
Python runs this file at every start with this folder in PYTHONPATH, so children of a server have it too.
"""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder
from typing import Any

_NMS = "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"


class _Declaring(MetaPathFinder):
    """Finds nothing; declares the operators when torchvision is looked for the first time."""

    def find_spec(self, name: str, path: Any, target: Any = None) -> None:
        if name == "torchvision":
            sys.meta_path.remove(self)
            import torch

            for operator in ("nms", "qnms"):
                torch.library.define(f"torchvision::{operator}", _NMS)


sys.meta_path.insert(0, _Declaring())
