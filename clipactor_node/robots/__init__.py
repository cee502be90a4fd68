"""Robots: an avatar's frames made a humanoid's, within its limits. Needs the [robots] extra."""
