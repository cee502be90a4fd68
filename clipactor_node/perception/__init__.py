"""What a camera sees of a person, as poses of the avatar. No torch; runs on LiteRT and numpy."""

from clipactor_node.perception.adaptation import Adapter, Conditions
from clipactor_node.perception.describing import Describe, by_kinematics, describer_named
from clipactor_node.perception.estimate import Estimate, Estimator
from clipactor_node.perception.films import FILMS, PHOTOGRAPHS, Source, open_source
from clipactor_node.perception.landmarks import LANDMARKS, Landmarks
from clipactor_node.perception.models import Network, camera_entries, missing, prepare_models
from clipactor_node.perception.overlay import annotated, overlay
from clipactor_node.perception.pictures import as_rgb
from clipactor_node.perception.recover import Recovery, recover
from clipactor_node.perception.recovery_model import BODY_JOINTS, RecoveryModel, load_model
from clipactor_node.perception.refine import refined
from clipactor_node.perception.tracker import BodyTracker
from clipactor_node.perception.view import FOV, View, seen_by
from clipactor_node.perception.watcher import Observation, PersonWatcher

__all__ = [
    "BODY_JOINTS",
    "FILMS",
    "FOV",
    "LANDMARKS",
    "PHOTOGRAPHS",
    "Adapter",
    "BodyTracker",
    "Conditions",
    "Describe",
    "Estimate",
    "Estimator",
    "Landmarks",
    "Network",
    "Observation",
    "PersonWatcher",
    "Recovery",
    "RecoveryModel",
    "Source",
    "View",
    "annotated",
    "as_rgb",
    "by_kinematics",
    "camera_entries",
    "describer_named",
    "load_model",
    "missing",
    "open_source",
    "overlay",
    "prepare_models",
    "recover",
    "refined",
    "seen_by",
]
