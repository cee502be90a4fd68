"""The life of a node's process: signals, building, spinning, shared memory. Imports nothing heavy."""
