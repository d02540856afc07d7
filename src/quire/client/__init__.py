"""Asks a Quire server from Python: documents out, `quire.document.Document` back.

    from quire.client import Client

    with Client("http://127.0.0.1:8000") as client:
        print(client.read("invoice.pdf").text)

Of the package it needs documents and errors alone: no engine, no decoder and no server is loaded.
"""

from quire.client.blocking import Client
from quire.client.jobs import OnProgress
from quire.client.ocr_client import OCRClient
from quire.client.results import Job, JobDocument, JobEvent
from quire.client.retries import Retries
from quire.client.uploads import OnUpload, Source
from quire.client.waiting import AsyncClient

__all__ = [
    "AsyncClient",
    "Client",
    "Job",
    "JobDocument",
    "JobEvent",
    "OCRClient",
    "OnProgress",
    "OnUpload",
    "Retries",
    "Source",
]
