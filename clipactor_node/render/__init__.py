"""Pictures without a graphics card: rasterizer, camera, light, sheets."""
