"""The refresh flow: nothing but the order of the steps. The tasks wrap; the work is in what they call.

Everything runs in one process with no server to start by hand (docs/decisions/0003-flow-in-one-process.md).
Call it through flows/job.py, which tells Prefect where to keep its notes before Prefect is imported here.
"""

from __future__ import annotations

from prefect import flow, task

from flows import build, gate, publish, reading
from flows.progress import progress
from flows.settings import Settings

# Reading may be tried again, since a network drive may come back; a data test only says the same again.
collect_task = task(name="collect", retries=2, retry_delay_seconds=1)(reading.collect_documents)
read_task = task(name="read", retries=2, retry_delay_seconds=1)(reading.read_and_remember)
land_task = task(name="land")(reading.write_landing)
build_task = task(name="build")(build.build)
audit_task = task(name="audit")(gate.audit_candidate)
publish_task = task(name="publish")(publish.publish)


@flow(name="refresh", validate_parameters=False)
def refresh(settings: Settings) -> reading.Collected:
    """Read what is unread, land all, build a candidate from it, audit that, and publish it if it passes.

    Returns the documents that the published warehouse holds. Raises HeldBack when it is not published.
    """
    collected = collect_task(settings)
    unread = reading.unread(settings, collected.documents)
    with progress().count("reading 读取", len(unread)):
        read_task(settings, unread)
    with progress().step("landing 落地"):
        land_task(settings, collected.documents)
    with progress().step("building 建模"):
        build_task(settings)
    with progress().step("auditing 核验"):
        audit_task(settings)
    with progress().step("publishing 发布"):
        publish_task(settings)
    return collected
