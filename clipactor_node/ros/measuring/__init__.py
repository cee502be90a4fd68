"""Measurements that need rclpy, for `clipactor bench`; nothing else uses them.

Every figure is measured when it is asked for, with real processes on a domain of their own.
"""

from clipactor_node.ros.measuring.avatars import avatars_figures
from clipactor_node.ros.measuring.isolation import isolation_figures
from clipactor_node.ros.measuring.mirror import mirror_figures
from clipactor_node.ros.measuring.node import node_figures
from clipactor_node.ros.measuring.templates import template_figures
from clipactor_node.ros.measuring.transport import transport_figures

__all__ = [
    "avatars_figures",
    "isolation_figures",
    "mirror_figures",
    "node_figures",
    "template_figures",
    "transport_figures",
]
