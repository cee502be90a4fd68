"""The browser view: a ROS client like any other, drawn by viser."""
