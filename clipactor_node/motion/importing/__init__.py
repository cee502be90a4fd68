"""Motion files of others: read, repaired, retargeted, measured, labelled, added to the user's library."""

from clipactor_node.motion.importing.adding import QUARANTINE, ImportReport, add
from clipactor_node.motion.importing.foot_lock import foot_correction
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
    "QUARANTINE",
    "QUARANTINED",
    "REPAIRED",
    "ImportReport",
    "Outcome",
    "Settings",
    "add",
    "faults",
    "foot_correction",
    "measured",
]
