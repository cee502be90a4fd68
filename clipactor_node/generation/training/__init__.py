"""Training of what `generation` plays; needs torch."""
