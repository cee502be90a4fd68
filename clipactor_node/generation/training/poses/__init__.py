"""Training of what `generation.poses` plays; needs torch."""
