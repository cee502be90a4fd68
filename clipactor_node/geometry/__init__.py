"""Axes, rotations, the SMPL-X skeleton, kinematics and the rasterizer: numbers only, no model."""
