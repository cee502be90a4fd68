"""What a file is that is not read, and what would make it readable."""

from pathlib import Path

_BLENDER = "open it in Blender and export the armature as glTF (.glb) or BVH"
_KINDS = {
    ".c3d": ("marker positions (C3D), not joints", "solve a skeleton for them and export BVH"),
    ".trc": ("marker positions (TRC), not joints", "solve a skeleton for them and export BVH"),
    ".vmd": (
        "MikuMikuDance motion without its model",
        "load both in Blender (MMD Tools), export BVH or glTF",
    ),
    ".dae": ("a COLLADA scene", _BLENDER),
    ".usd": ("a USD scene", _BLENDER),
    ".usda": ("a USD scene", _BLENDER),
    ".usdc": ("a USD scene", _BLENDER),
    ".usdz": ("a USD scene", _BLENDER),
    ".blend": ("a Blender file", _BLENDER),
    ".ma": ("a Maya scene", "export the skeleton from Maya as glTF"),
    ".mb": ("a Maya scene", "export the skeleton from Maya as glTF"),
    ".max": ("a 3ds Max scene", "export the skeleton from 3ds Max as BVH or glTF"),
    ".bip": ("a 3ds Max Biped motion", "export it from 3ds Max as BVH or glTF"),
    ".abc": ("an Alembic cache of meshes", "export the armature that moved them as glTF or BVH"),
    ".anim": ("a Unity animation", "export it from Unity as glTF or VRM"),
    ".uasset": ("an Unreal asset", "export the animation from Unreal as glTF"),
    ".mcp": ("a cinema or MotionCam project", "export it as BVH"),
    ".htr": ("a Motion Analysis skeleton (HTR)", "export it as BVH"),
    ".asf": ("an Acclaim skeleton without motion", "name the .amc that goes with it"),
    ".bin": ("the numbers of a glTF file", "name the .gltf beside it"),
    ".csv": ("a table", "clips.csv goes to --labels; export captures as BVH"),
    ".h5": ("an HDF5 file", "save its arrays with numpy.savez as poses and trans"),
    ".hdf5": ("an HDF5 file", "save its arrays with numpy.savez as poses and trans"),
    ".mat": ("a MATLAB file", "save its arrays with numpy.savez as poses and trans"),
    ".joblib": ("a joblib pickle", "load it where it was written and save its arrays with numpy.savez"),
    ".mp4": ("a film", "recover a motion from it first (SMPL parameters as .npz are read)"),
    ".mov": ("a film", "recover a motion from it first (SMPL parameters as .npz are read)"),
    ".zip": ("an archive", "unpack it and name the folder"),
    ".7z": ("an archive", "unpack it and name the folder"),
    ".rar": ("an archive", "unpack it and name the folder"),
    ".gz": ("an archive", "unpack it and name the folder"),
    ".xz": ("an archive", "unpack it and name the folder"),
    ".obj": ("a mesh without a skeleton", "export the skeleton that moved it as glTF or BVH"),
    ".x": ("a DirectX scene", _BLENDER),
}


def what_it_is(path: Path, known: tuple[str, ...]) -> str:
    """One sentence about a file of a kind that is not read."""
    kind = _KINDS.get(path.suffix.lower())
    if kind:
        return f"is {kind[0]}, which is not read: {kind[1]}"
    return (
        f"{path.suffix or 'no suffix'}: expected one of {', '.join(known)}; what comes "
        f"from elsewhere can mostly be "
        "exported as BVH or glTF"
    )
