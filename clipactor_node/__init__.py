"""ClipActor: text in, a living avatar out, as a ROS 2 node."""

from clipactor_node.compiling import keep_machine_code

__version__ = "0.1.0"

keep_machine_code()
