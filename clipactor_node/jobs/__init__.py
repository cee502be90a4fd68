"""The workshop next door: styles are made in the background, by a worker process or a Ray cluster.

    workshop = jobs.open_workshop()
    report = workshop.submit(jobs.Order("a knight in silver armour"), on_stage=True)
    while not workshop.report(report.id).stage.over:
        workshop.poll()                     # from a timer; cheap
        fitting = workshop.fitting(report.id)

This door needs no torch; the worker that it starts does.
"""

from clipactor_node.jobs.client import Workshop, open_workshop
from clipactor_node.jobs.job import AUTO, STANDING, Means, Order, Report, Stage

__all__ = ["AUTO", "STANDING", "Means", "Order", "Report", "Stage", "Workshop", "open_workshop"]
