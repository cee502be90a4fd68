"""What the node publishes, topic by topic."""
