// What moves vertices before skinning: pose correctives, which put right what skinning gets wrong at bent joints
// (body/correctives.py), and the face (body/face.py).
const FEATURES = 9;
const AT_REST = 1e-4;

export class Correctives {
  // `buffer` is what appearance.py's packed_correctives made.
  constructor(buffer) {
    const view = new DataView(buffer);
    this.count = view.getUint32(0, true);
    this.step = view.getFloat32(4, true);
    this.starts = new Uint32Array(buffer, 8, 56);
    this.vertices = new Uint32Array(buffer, 8 + 4 * 56, this.count);
    this.directions = new Int16Array(buffer, 8 + 4 * (56 + this.count), 27 * this.count);
    this.feature = new Float32Array(FEATURES);
    const face = 8 + 4 * (56 + this.count) + 4 * Math.ceil((27 * this.count) / 2);
    const moved = view.getUint32(face, true);
    this.faceStep = view.getFloat32(face + 4, true);
    this.faceVertices = new Uint32Array(buffer, face + 8, moved);
    this.faceDirections = new Int16Array(buffer, face + 8 + 4 * moved, 36 * moved);
  }

  // Mesh whose vertices, split at seams, carry the numbers of the body's as the attribute `_vertex`.
  bind(meshes) {
    this.meshes = meshes;
    this.rest = meshes.map((mesh) => mesh.geometry.attributes.position.array.slice());
    let most = 0;
    for (const { geometry } of meshes) {
      for (const number of geometry.attributes._vertex?.array ?? []) most = Math.max(most, number);
    }
    this.offsets = new Float32Array(3 * (most + 1));
  }

  // Quaternions (x, y, z, w) of 55 joints, each in its parent, one after the other; 12 coefficients of the face.
  apply(rotations, face) {
    if (!this.count && !this.faceVertices.length) return;
    this.offsets.fill(0);
    face?.forEach((amount, channel) => Math.abs(amount) > AT_REST && this.#show(channel, amount));
    for (let joint = 1; joint < 55; joint++) {
      if (this.starts[joint] < this.starts[joint + 1] && this.#turn(rotations, 4 * joint)) this.#add(joint);
    }
    this.meshes.forEach((mesh, m) => {
      const { position, _vertex } = mesh.geometry.attributes;
      if (!_vertex) return;
      const [out, rest, numbers] = [position.array, this.rest[m], _vertex.array];
      for (let i = 0; i < numbers.length; i++) {
        const at = 3 * numbers[i];
        out[3 * i] = rest[3 * i] + this.offsets[at];
        out[3 * i + 1] = rest[3 * i + 1] + this.offsets[at + 1];
        out[3 * i + 2] = rest[3 * i + 2] + this.offsets[at + 2];
      }
      position.needsUpdate = true;
    });
  }

  #show(channel, amount) {
    const { faceVertices, faceDirections, offsets } = this;
    const first = 3 * faceVertices.length * channel;
    const by = amount * this.faceStep;
    for (let i = 0; i < faceVertices.length; i++) {
      const to = 3 * faceVertices[i];
      for (let axis = 0; axis < 3; axis++) offsets[to + axis] += by * faceDirections[first + 3 * i + axis];
    }
  }

  // R - I, row by row; whether the joint is bent at all.
  #turn(q, at) {
    const [x, y, z, w] = [q[at], q[at + 1], q[at + 2], q[at + 3]];
    const f = this.feature;
    f[0] = -2 * (y * y + z * z); f[1] = 2 * (x * y - z * w); f[2] = 2 * (x * z + y * w);
    f[3] = 2 * (x * y + z * w); f[4] = -2 * (x * x + z * z); f[5] = 2 * (y * z - x * w);
    f[6] = 2 * (x * z - y * w); f[7] = 2 * (y * z + x * w); f[8] = -2 * (x * x + y * y);
    return f.some((value) => Math.abs(value) > AT_REST);
  }

  #add(joint) {
    const { feature, directions, offsets, vertices, step } = this;
    for (let entry = this.starts[joint]; entry < this.starts[joint + 1]; entry++) {
      const to = 3 * vertices[entry];
      for (let axis = 0; axis < 3; axis++) {
        const from = 27 * entry + FEATURES * axis;
        let sum = 0;
        for (let k = 0; k < FEATURES; k++) sum += feature[k] * directions[from + k];
        offsets[to + axis] += step * sum;
      }
    }
  }
}
