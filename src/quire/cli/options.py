"""Command-line options that several commands share, as annotations."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Engine = Annotated[str | None, typer.Option(help="Engine that reads pages.", rich_help_panel="Engine")]
Runtime = Annotated[
    str | None,
    typer.Option(help="Inference library: auto, openvino or onnxruntime.", rich_help_panel="Engine"),
]
Threads = Annotated[int | None, typer.Option(help="CPU threads; all when absent.", rich_help_panel="Engine")]
Streams = Annotated[int | None, typer.Option(help="Inferences computed side by side.", rich_help_panel="Engine")]
ModelsDir = Annotated[Path | None, typer.Option(help="Where downloaded models are.", rich_help_panel="Engine")]
Layout = Annotated[
    str | None,
    typer.Option(help="What finds a page's structure: auto, geometry or model.", rich_help_panel="Engine"),
]
Password = Annotated[
    str | None,
    typer.Option(envvar="QUIRE_PASSWORD", help="Password of encrypted PDFs; better in the variable."),
]
Config = Annotated[
    Path | None,
    typer.Option(help="TOML file with settings; else QUIRE_CONFIG names it, else ./quire.toml if there."),
]
