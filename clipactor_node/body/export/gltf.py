"""Building a binary glTF 2.0 file from numpy arrays, on top of pygltflib."""

import io

import numpy as np
import pygltflib as g
from PIL import Image

from clipactor_node.body.export.picture import Picture

_COMPONENT = {"f4": g.FLOAT, "u1": g.UNSIGNED_BYTE, "u2": g.UNSIGNED_SHORT, "u4": g.UNSIGNED_INT}
_SHAPE = {(): g.SCALAR, (2,): g.VEC2, (3,): g.VEC3, (4,): g.VEC4, (4, 4): g.MAT4}


class Document:
    """A glTF under construction: add arrays and images, fill `gltf`, then ask for its `content()`."""

    def __init__(self) -> None:
        self.gltf = g.GLTF2(asset=g.Asset(version="2.0", generator="ClipActor"), scene=0)
        self._blob = bytearray()

    def accessor(self, array: np.ndarray, target: int | None = None, bounds: bool = False) -> int:
        """Store an array (N, ...) of float32, uint8, uint16 or uint32; matrices as rows of rows.

        `target` is for vertex data and indices only; `bounds` writes min and max (required for
        positions and animation times).
        """
        array = np.ascontiguousarray(array)
        if array.shape[1:] == (4, 4):  # glTF is column-major
            array = np.ascontiguousarray(array.transpose(0, 2, 1))
        kind = array.dtype.str[1:]
        limits = {}
        if bounds:
            flat = array.reshape(len(array), -1)
            limits = {"min": flat.min(0).tolist(), "max": flat.max(0).tolist()}
        view = self._view(array.tobytes(), target)
        self.gltf.accessors.append(
            g.Accessor(
                bufferView=view,
                componentType=_COMPONENT[kind],
                count=len(array),
                type=_SHAPE[array.shape[1:]],
                **limits,
            )
        )
        return len(self.gltf.accessors) - 1

    def material(self, texture: np.ndarray, name: str = "clothes") -> int:
        """A matte material with an embedded PNG; `texture` (H, W, 3) uint8, sRGB."""
        return self.surface(name, self.texture(texture, name))

    def texture(self, picture: np.ndarray, name: str = "clothes") -> int:
        """A picture (H, W, 3) uint8, sRGB, embedded as PNG; several materials may share it."""
        png = io.BytesIO()
        Image.fromarray(picture).save(png, "PNG")  # optimizing doubles the time for 1 % of the bytes
        gltf = self.gltf
        gltf.images.append(g.Image(bufferView=self._view(png.getvalue()), mimeType="image/png", name=name))
        gltf.samplers.append(
            g.Sampler(
                magFilter=g.LINEAR,
                minFilter=g.LINEAR_MIPMAP_LINEAR,
                wrapS=g.CLAMP_TO_EDGE,
                wrapT=g.CLAMP_TO_EDGE,
            )
        )
        gltf.textures.append(g.Texture(source=len(gltf.images) - 1, sampler=len(gltf.samplers) - 1))
        return len(gltf.textures) - 1

    def surface(
        self,
        name: str,
        texture: int,
        roughness: float = 0.9,
        double: bool = False,
        normal: int | None = None,
        metallic_roughness: int | None = None,
    ) -> int:
        """A material, without metal unless a texture says where; `double`: seen from both sides.

        Args:
            texture, normal, metallic_roughness: numbers that `texture` gave.
        """
        surface = g.PbrMetallicRoughness(
            baseColorTexture=g.TextureInfo(index=texture), metallicFactor=0.0, roughnessFactor=roughness
        )
        if metallic_roughness is not None:
            surface.metallicRoughnessTexture = g.TextureInfo(index=metallic_roughness)
            surface.metallicFactor = surface.roughnessFactor = 1.0
        material = g.Material(name=name, pbrMetallicRoughness=surface, doubleSided=double)
        if normal is not None:
            material.normalTexture = g.NormalMaterialTexture(index=normal)
        self.gltf.materials.append(material)
        return len(self.gltf.materials) - 1

    def maps(self, picture: Picture) -> dict[str, int]:
        """The pictures of a surface as arguments of `surface`."""
        found = {"texture": self.texture(picture.image)}
        if picture.normal is not None:
            found["normal"] = self.texture(picture.normal, "normal")
        if picture.metallic_roughness is not None:
            found["metallic_roughness"] = self.texture(picture.metallic_roughness, "metallic_roughness")
        return found

    def mesh(
        self,
        name: str,
        material: int,
        faces: np.ndarray,
        positions: np.ndarray,
        normals: np.ndarray,
        uv: np.ndarray,
        **more: np.ndarray,
    ) -> int:
        """One triangle mesh: (F, 3), (N, 3), (N, 3), (N, 2 with v down); `more` are further attributes."""
        mesh = self.empty_mesh(name)
        self.primitive(mesh, material, faces, positions, normals, uv, **more)
        return mesh

    def empty_mesh(self, name: str) -> int:
        """A mesh that gets its primitives one by one."""
        self.gltf.meshes.append(g.Mesh(name=name, primitives=[]))
        return len(self.gltf.meshes) - 1

    def primitive(
        self,
        mesh: int,
        material: int,
        faces: np.ndarray,
        positions: np.ndarray,
        normals: np.ndarray,
        uv: np.ndarray,
        **more: np.ndarray,
    ) -> None:
        """Triangles of one material, as of `mesh`."""
        vertex = g.ARRAY_BUFFER
        attributes = {
            "POSITION": self.accessor(np.asarray(positions, np.float32), vertex, bounds=True),
            "NORMAL": self.accessor(np.asarray(normals, np.float32), vertex),
            "TEXCOORD_0": self.accessor(np.asarray(uv, np.float32), vertex),
        }
        attributes |= {key: self.accessor(value, vertex) for key, value in more.items()}
        indices = self.accessor(np.asarray(faces, np.uint32).ravel(), g.ELEMENT_ARRAY_BUFFER)
        part = g.Primitive(attributes=g.Attributes(**attributes), indices=indices, material=material)
        self.gltf.meshes[mesh].primitives.append(part)

    def morph(self, mesh: int, offsets: np.ndarray) -> None:
        """Give the last primitive of a mesh morph targets (K, N, 3), metres, all of them off."""
        part = self.gltf.meshes[mesh]
        part.primitives[-1].targets = [
            g.Attributes(POSITION=self.accessor(offset, g.ARRAY_BUFFER, bounds=True)) for offset in offsets
        ]
        part.weights = [0.0] * len(offsets)

    def place(self, mesh: int, name: str, skin: int | None = None) -> int:
        """A node that shows a mesh, in the scene."""
        self.gltf.nodes.append(g.Node(name=name, mesh=mesh, skin=skin))
        self.show(len(self.gltf.nodes) - 1)
        return len(self.gltf.nodes) - 1

    def show(self, node: int) -> None:
        """Put a node into the scene."""
        if not self.gltf.scenes:
            self.gltf.scenes.append(g.Scene(nodes=[]))
        self.gltf.scenes[0].nodes.append(node)

    def content(self) -> bytes:
        """The file."""
        self.gltf.buffers = [g.Buffer(byteLength=len(self._blob))]
        self.gltf.set_binary_blob(bytes(self._blob))
        return b"".join(self.gltf.save_to_bytes())

    def _view(self, data: bytes, target: int | None = None) -> int:
        self._blob.extend(bytes(-len(self._blob) % 4))
        view = g.BufferView(buffer=0, byteOffset=len(self._blob), byteLength=len(data), target=target)
        self._blob.extend(data)
        self.gltf.bufferViews.append(view)
        return len(self.gltf.bufferViews) - 1


def seamed(faces: np.ndarray, uv_faces: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Vertices split where the UV map is cut, for formats with one index per corner.

    Returns:
        faces (F, 3) into the split vertices; for each of those (N,), its vertex and its UV.
    """
    pairs = np.stack([np.ravel(faces), np.ravel(uv_faces)], 1)
    unique, inverse = np.unique(pairs, axis=0, return_inverse=True)
    return inverse.reshape(-1, 3), unique[:, 0], unique[:, 1]


def tangents(positions: np.ndarray, normals: np.ndarray, uv: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """(N, 4) float32: where u grows on the surface, unit length, and on which side v does: +1 or -1.

    Args:
        positions, normals: (N, 3). uv: (N, 2), v upwards in the picture. faces: (F, 3).
    """
    a, b, c = (faces[:, k] for k in range(3))
    first, second = positions[b] - positions[a], positions[c] - positions[a]
    d, e = uv[b] - uv[a], uv[c] - uv[a]
    turn = np.sign(d[:, 0] * e[:, 1] - d[:, 1] * e[:, 0])[:, None]
    summed = np.zeros((2, len(positions), 3))
    for corner in (a, b, c):
        np.add.at(summed[0], corner, turn * (first * e[:, 1:] - second * d[:, 1:]))
        np.add.at(summed[1], corner, turn * (second * d[:, :1] - first * e[:, :1]))
    along = summed[0] - normals * (summed[0] * normals).sum(1, keepdims=True)
    length = np.linalg.norm(along, axis=1, keepdims=True)
    aside = np.cross(normals, np.where(np.abs(normals[:, :1]) < 0.9, [[1.0, 0, 0]], [[0, 1.0, 0]]))
    aside /= np.linalg.norm(aside, axis=1, keepdims=True)
    along = np.where(length > 1e-9, along / np.maximum(length, 1e-9), aside)  # where the map has no area
    side = np.where((np.cross(normals, along) * summed[1]).sum(1) < 0, -1.0, 1.0)
    return np.column_stack([along, side]).astype(np.float32)
