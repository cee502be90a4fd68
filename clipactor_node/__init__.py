"""ClipActor: text in, a living avatar out, as a ROS 2 node."""

__version__ = "0.1.0"
