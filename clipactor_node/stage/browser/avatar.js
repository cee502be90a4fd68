// A dressed body in the scene: fetched once, then moved by its joints alone.
import { GLTFLoader, THREE } from "nicegui-scene";
import { Correctives } from "./correctives.js";
import { prepareSkin } from "./skin.js";

const JUMP_M = 1.0; // farther in one frame: it was put elsewhere

export const loader = new GLTFLoader();

export async function fetched(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.arrayBuffer();
}

export class Avatar {
  constructor(id, scene) {
    Object.assign(this, { id, scene, name: "", appearance: "", shown: "", body: null });
    this.last = this.next = null; // poses, and when they came (ms)
    this.at = new THREE.Vector3();
    this.forward = new THREE.Vector3(0, 0, 1);
  }

  // Wear what the server has under this key. What is worn stays until the new one is here.
  async wear(key) {
    this.appearance = key;
    if (!key) return false;
    const [file, extra] = await Promise.all(
      ["glb", "bin"].map((kind) => fetched(`/stage/appearance/${key}.${kind}`)),
    );
    const { scene } = await loader.parseAsync(file, "");
    if (this.appearance !== key) return false; // something else meanwhile
    const meshes = [];
    scene.traverse((node) => node.isSkinnedMesh && meshes.push(node));
    meshes.forEach(prepareSkin);
    const correctives = new Correctives(extra);
    correctives.bind(meshes);
    this.remove();
    this.body = { root: scene, meshes, bones: meshes[0].skeleton.bones, correctives };
    scene.visible = false; // until it is posed
    scene.userData.avatar = this.id;
    this.scene.add(scene);
    this.shown = key;
    return true;
  }

  remove() {
    if (!this.body) return;
    this.scene.remove(this.body.root);
    for (const mesh of this.body.meshes) {
      mesh.geometry.dispose();
      mesh.customDepthMaterial.dispose();
      mesh.skeleton.dispose();
      for (const material of [mesh.material].flat()) {
        material.map?.dispose();
        material.normalMap?.dispose();
        material.roughnessMap?.dispose();
        material.dispose();
      }
    }
    this.body = null;
  }

  pose({ position, rotations, face }, now) {
    const to = { position, rotations, face, now };
    const jumped = !this.next || Math.hypot(...position.map((p, i) => p - this.next.position[i])) > JUMP_M;
    this.last = jumped ? to : this.next;
    this.next = to;
    this.settled = false;
  }

  // Move to where it is `now`: one frame late, so that there is always a next one. Whether anything moved.
  show(now) {
    if (!this.body || !this.next || (this.settled && this.body.root.visible)) return false;
    const { last, next } = this;
    const span = Math.min(Math.max(next.now - last.now, 1), 100);
    const share = last === next ? 1 : Math.min((now - next.now) / span, 1);
    const rotations = (this.rotations ??= new Float32Array(220));
    for (let i = 0; i < 220; i += 4) {
      THREE.Quaternion.slerpFlat(rotations, i, last.rotations, i, next.rotations, i, share);
    }
    const { bones, root, correctives } = this.body;
    bones.forEach((bone, i) => bone.quaternion.fromArray(rotations, 4 * i));
    bones[0].position.set(...next.position.map((p, i) => last.position[i] + share * (p - last.position[i])));
    const face = next.face?.map((amount, k) => last.face[k] + share * (amount - last.face[k]));
    correctives.apply(rotations, face);
    root.visible = true;
    this.at.copy(bones[0].position); // the camera does not follow who is dragged
    if (this.dragged) bones[0].position.add(this.dragged);
    this.forward.set(0, 0, 1).applyQuaternion(bones[0].quaternion).setY(0).normalize();
    this.settled = share >= 1;
    return true;
  }
}
