"""The main job: take the warehouse's lock, see whether there is anything to do, and run the flow if so.

A refresh with nothing new imports neither Prefect nor dbt and opens no document.
"""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass

from flows.collect import Collected, collect
from flows.lock import locked
from flows.manifest import Manifest, file_mark, inputs_key, is_published
from flows.progress import progress
from flows.settings import Settings


@dataclass(frozen=True)
class Refreshed:
    """`is_new` is false when the published warehouse already was what these documents give."""

    is_new: bool
    collected: Collected


def run(settings: Settings) -> Refreshed:
    """Bring the warehouse up to date with its documents.

    Raises HeldBack when the candidate is not fit to be published, WarehouseBusy when another refresh of
    the same warehouse runs, UsageError when a document path does not exist.
    """
    with locked(settings):
        manifest = Manifest.load(settings)
        collected = collect(settings.documents, manifest.stamps, manifest.archives, settings.workers)
        manifest.stamps = dict(collected.stamps)
        manifest.archives = dict(collected.archives)
        manifest.sources = {
            document.document_id: (str(document.path.absolute()), document.place)
            for document in collected.documents
        }
        manifest.save(settings)
        if is_published(settings, manifest, inputs_key(settings, collected.documents)):
            return Refreshed(is_new=False, collected=collected)
        progress().say("starting 启动")
        _prepare_prefect(settings)
        from flows.refresh import refresh

        collected = refresh(settings)
        manifest.published = {
            "inputs": inputs_key(settings, collected.documents),
            "file": file_mark(settings.warehouse),
        }
        manifest.save(settings)
        return Refreshed(is_new=True, collected=collected)


def _prepare_prefect(settings: Settings) -> None:
    # Prefect reads these once, when it is imported. With no server named it starts one of its own for the
    # run, keeps its notes here and not in the home directory, and stops it at the end; an operator's
    # PREFECT_API_URL is used instead when there is one.
    for name, value in {
        "PREFECT_HOME": str(settings.state / "prefect"),
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "true",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
        "PREFECT_LOGGING_LEVEL": "CRITICAL",
        "PREFECT_LOGGING_TO_API_ENABLED": "false",
    }.items():
        os.environ.setdefault(name, value)
    # An office's proxy must not be asked for this machine's own loopback address.
    for name in ("NO_PROXY", "no_proxy"):
        os.environ[name] = ",".join(filter(None, (os.environ.get(name), "127.0.0.1", "localhost")))
    logging.getLogger("prefect").setLevel(logging.CRITICAL)
