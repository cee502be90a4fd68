"""The nodes' parameters: what one is, and those of the avatar."""
