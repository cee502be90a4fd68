"""What a camera sees of a person, as poses of the avatar. No torch; runs on LiteRT and numpy."""

from clipactor_node.perception.detection import Detection, find_people
from clipactor_node.perception.landmarks import LANDMARKS, Landmarks, find_landmarks
from clipactor_node.perception.models import Network, camera_entries, missing, prepare_models
from clipactor_node.perception.regions import Region

__all__ = [
    "LANDMARKS",
    "Detection",
    "Landmarks",
    "Network",
    "Region",
    "camera_entries",
    "find_landmarks",
    "find_people",
    "missing",
    "prepare_models",
]
