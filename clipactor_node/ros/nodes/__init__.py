"""The nodes and what they are made of."""
