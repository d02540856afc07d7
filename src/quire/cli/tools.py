"""The small commands: `quire visualize`, `quire doctor`, `quire schema`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quire.cli import options as shared

if TYPE_CHECKING:
    from quire.doctor import Examiner
    from quire.settings import Settings


def visualize(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="PDF or image.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="PNG file to write.")],
    page: Annotated[int, typer.Option(help="Page, from 1.", min=1)] = 1,
    words: Annotated[bool, typer.Option("--words", help="Outline words as well.")] = False,
    text_layer: Annotated[str, typer.Option(help="A PDF's own text: auto, never or always.")] = "auto",
    password: shared.Password = None,
    engine: shared.Engine = None,
    runtime: shared.Runtime = None,
    models_dir: shared.ModelsDir = None,
) -> None:
    """Draws on a page what was read: lines by confidence (blue, orange, red), in reading order."""
    from quire.cli.outputs import write_file
    from quire.cli.picture import picture
    from quire.options import ReadOptions
    from quire.settings import Settings

    settings = Settings.load(engine=engine, runtime=runtime, models_dir=models_dir)
    wanted = ReadOptions.of(pages=str(page), text_layer=text_layer, password=password)
    write_file(output, picture(file, wanted, settings, words=words))


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    config: shared.Config = None,
    engine: shared.Engine = None,
    models_dir: shared.ModelsDir = None,
) -> None:
    """Says what this machine offers, what is missing, and how to get it; of an engine, whether its servers are well."""
    import json

    from rich.console import Console

    from quire.doctor import examine, render, to_dict
    from quire.models.store import ModelStore
    from quire.settings import Settings

    settings = Settings.load(config=config, engine=engine, models_dir=models_dir)
    findings = examine(
        store=ModelStore(settings.models_dir), data_dir=settings.data_dir, further=_model_servers(settings)
    )
    if as_json:
        typer.echo(json.dumps(to_dict(findings), indent=2, ensure_ascii=False))
    else:
        render(findings, Console())


def _model_servers(settings: Settings) -> dict[str, Examiner]:
    from functools import partial

    from quire.assembly.models import ppstructure_config, vlm_config
    from quire.doctor.model_servers import model_servers, vllm
    from quire.doctor.ppstructure import ppstructure
    from quire.engines.registry import FAMILIES

    if settings.engine == "ppstructure":
        return {"ppstructure": partial(ppstructure, ppstructure_config(settings))}
    if settings.engine not in FAMILIES:
        return {}
    return {
        "vllm": partial(vllm, settings.vlm.program),
        "model servers": partial(model_servers, settings.engine, vlm_config(settings)),
    }


def schema() -> None:
    """Prints the JSON Schema of documents."""
    import json

    from quire.document import json_schema

    typer.echo(json.dumps(json_schema(), indent=2))
