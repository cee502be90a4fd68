"""Measurements that need rclpy, for clipactor bench."""
