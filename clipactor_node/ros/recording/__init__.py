"""MCAP files: recording and playing."""
