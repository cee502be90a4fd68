"""Readers of motion capture formats: a file -> `SourceMotion` or `MotionClip`."""
