"""The motion library on disk: packs of clips, the index over them, and how they grow."""
