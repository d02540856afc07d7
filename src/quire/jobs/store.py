"""What keeps jobs. One contract for all stores: tests/jobs/test_store_contract.py."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Protocol

from quire.jobs.model import Delivery, Event, Failure, Job, JobSpec, JobState, KeptFile, Opening, PageRow


class JobStore(Protocol):
    """Jobs, their pages, events and webhooks; and files that wait to be read.

    What a method has written when it returns survives the death of the process. A write is done whole or not at
    all, even when the caller is cancelled. Methods belong to the event loop that opened the store, and never
    block it. An `owner` of None may see every job; to others, a job that is not theirs does not exist.

    Every method raises OutputError when the store cannot be used, and those that add something StorageFull when
    it is full.
    """

    async def create(self, spec: JobSpec) -> tuple[Job, bool]:
        """A new job and True; or the job that the owner made with this idempotency key before, and False.

        Raises:
            IdempotencyConflict: the key was used for another request.
            StorageFull: there is no room for another job.
        """
        ...

    async def get(self, job_id: str, owner: str | None = None) -> Job:
        """The job as it stands.

        Raises:
            JobNotFound: there is none.
            JobExpired: there was one; its result was removed after `ttl_s`. Said for 24 hours.
        """
        ...

    async def opened(self, job_id: str, index: int, head: Mapping[str, Any], numbers: Sequence[int]) -> None:
        """Keeps what opening a document told. A second time, or after the end, it is ignored."""
        ...

    async def opening(self, job_id: str, index: int) -> Opening | None:
        """What opening the document told; None when it has not been opened."""
        ...

    async def save_page(self, job_id: str, index: int, page: PageRow) -> bool:
        """Keeps a page. False, and nothing changes, for a page that is there, a document that is finished, or a job
        that has ended or is gone.

        Raises:
            StorageFull: there is no room for the page.
        """
        ...

    def pages(self, job_id: str, index: int, after: int = 0) -> AsyncIterator[PageRow]:
        """The document's pages with numbers above `after` that are there, ascending."""
        ...

    async def done_numbers(self, job_id: str, index: int) -> set[int]:
        """Numbers of the pages that are there, read or failed."""
        ...

    async def finish_document(self, job_id: str, index: int, error: Failure | None = None) -> None:
        """Ends a document: succeeded when all its pages were read, failed when none was, else partial.

        A second time, or after the end of the job, it is ignored.
        """
        ...

    async def transition(self, job_id: str, state: JobState, error: Failure | None = None) -> Job:
        """Brings a job into a state, and returns it as it stands then.

        The first end counts: a job that has ended stays as it is, so look at the state that comes back. An end
        finishes the documents, erases the password and queues the webhook.

        Raises:
            JobNotFound, JobExpired: as in `get`.
            ValueError: no such step leads from the job's state.
        """
        ...

    async def cancel(self, job_id: str, owner: str | None = None) -> Job:
        """Ends a job as cancelled unless it has ended; the pages that are there are kept.

        Raises:
            JobNotFound, JobExpired: as in `get`.
        """
        ...

    async def delete(self, job_id: str, owner: str | None = None) -> None:
        """Removes a job and all that it has, whatever its state.

        Raises:
            JobNotFound, JobExpired: as in `get`.
        """
        ...

    async def unfinished(self) -> list[Job]:
        """Jobs that have not ended, oldest first."""
        ...

    async def counts(self) -> dict[JobState, int]:
        """How many jobs there are by state; those expired are left out."""
        ...

    async def events(self, job_id: str, after: int = 0, limit: int = 1000) -> list[Event]:
        """The next events with ids above `after`, ascending."""
        ...

    async def wait(self, job_id: str, after: int, timeout_s: float) -> bool:
        """Waits until the job has an event with an id above `after`, or will have none since it has ended or is gone.

        Returns: False when the time is over.
        """
        ...

    async def expire(self, now: float) -> list[Job]:
        """Removes jobs whose time is over, some at once: call until it returns none. Files and tombstones whose time
        is over go as well."""
        ...

    async def blobs_in_use(self) -> set[str]:
        """SHA-256 of all documents of the jobs, and of the files, that are there."""
        ...

    async def add_file(self, file: KeptFile) -> None:
        """Keeps a file.

        Raises:
            StorageFull: there is no room for another.
        """
        ...

    async def file(self, file_id: str, owner: str | None = None) -> KeptFile:
        """The file.

        Raises:
            DocumentNotFound: there is none, or its time is over.
        """
        ...

    async def files(self, owner: str | None, *, limit: int, offset: int) -> tuple[list[KeptFile], int]:
        """Some of the files, the newest first; and how many there are in all."""
        ...

    async def delete_file(self, file_id: str, owner: str | None = None) -> None:
        """Removes a file; jobs that were made of it have it still.

        Raises:
            DocumentNotFound: as in `file`.
        """
        ...

    async def due(self, now: float, *, limit: int, lease_s: float) -> list[Delivery]:
        """Webhooks to send now, the longest waiting first. Each counts as attempted, and is not due again for
        `lease_s`: it comes back by itself when its sender dies."""
        ...

    async def record_attempt(self, delivery_id: str, *, retry_at: float | None) -> None:
        """Sets when to try again; None when it was delivered or is given up."""
        ...
