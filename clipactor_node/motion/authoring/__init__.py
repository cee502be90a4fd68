"""Authored motion: keyframes of a simple rig -> SMPL-X clips. Used when the library is built."""
