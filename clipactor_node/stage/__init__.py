"""The browser page: a ROS client like any other; NiceGUI serves it, three.js draws it."""
