"""Avatars as people of ROS4HRI (REP 155)."""
