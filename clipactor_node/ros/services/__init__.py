"""Services and actions."""
