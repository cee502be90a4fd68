"""Motion files of others: read, repaired, retargeted, judged, labelled."""

from clipactor_node.motion.importing.import_file import (
    DUPLICATE,
    FAILED,
    IMPORTED,
    QUARANTINED,
    REPAIRED,
    Outcome,
    Settings,
)
from clipactor_node.motion.importing.quality import faults, measured

__all__ = [
    "DUPLICATE",
    "FAILED",
    "IMPORTED",
    "QUARANTINED",
    "REPAIRED",
    "Outcome",
    "Settings",
    "faults",
    "measured",
]
