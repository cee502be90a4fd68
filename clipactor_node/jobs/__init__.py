"""Styles are made in the background, by a worker process or a Ray cluster.

    client = jobs.open_client()
    status = client.submit(jobs.Job("a knight in silver armour"), foreground=True)
    while not client.status(status.id).stage.over:
        client.poll()                     # from a timer; cheap
        snapshot = client.snapshot(status.id)

This door needs no torch; the worker that it starts does.
"""

from clipactor_node.jobs.client import JobClient, open_client, open_queue
from clipactor_node.jobs.config import WorkerConfig
from clipactor_node.jobs.content_frames import frames_of
from clipactor_node.jobs.queue import FILE, Queue
from clipactor_node.jobs.status import JobStage, JobStatus
from clipactor_node.jobs.worker_process import logs_of
from clipactor_node.style import STANDING, Job

__all__ = [
    "FILE",
    "STANDING",
    "Job",
    "JobClient",
    "JobStage",
    "JobStatus",
    "Queue",
    "WorkerConfig",
    "frames_of",
    "logs_of",
    "open_client",
    "open_queue",
]
