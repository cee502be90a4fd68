"""Differentiable pictures of clothed bodies: visibility by one of several backends, shading in torch."""
