"""Going somewhere: routes over the floor, walked with the steps of a clip's gait."""

from clipactor_node.locomotion.gait import SLOWEST_M_S, Gait, is_gait
from clipactor_node.locomotion.obstacles import Obstacles
from clipactor_node.locomotion.route import circle, route_to, turned
from clipactor_node.locomotion.walker import FASTER, Walker

__all__ = ["FASTER", "SLOWEST_M_S", "Gait", "Obstacles", "Walker", "circle", "is_gait", "route_to", "turned"]
