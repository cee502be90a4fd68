"""The optimization of a style (torch): field, views, objective, optimizer."""
