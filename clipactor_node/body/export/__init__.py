"""The body as files that other programs open: GLB, BVH, AMASS npz, OBJ."""
