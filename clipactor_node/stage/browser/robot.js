// A robot in the scene: rigid links, each where the server says.
import { THREE } from "nicegui-scene";
import { fetched, loader } from "./avatar.js";

export class Robot {
  constructor(id, scene) {
    Object.assign(this, { id, scene, name: "", appearance: "", shown: "", body: null });
    this.at = new THREE.Vector3();
    this.forward = new THREE.Vector3(0, 0, 1);
  }

  // Show what the server has under this key.
  async wear(key) {
    this.appearance = key;
    if (!key) return false;
    const { scene } = await loader.parseAsync(await fetched(`/stage/appearance/${key}.glb`), "");
    if (this.appearance !== key) return false; // something else meanwhile
    this.remove();
    const links = [];
    scene.traverse((node) => {
      const number = /^link_(\d+)$/.exec(node.name);
      if (number) links[Number(number[1])] = node;
      node.castShadow = node.receiveShadow = Boolean(node.isMesh);
    });
    // Placed in the world, not in each other.
    for (const link of links) link && scene.attach(link);
    this.body = { root: scene, links };
    scene.visible = false; // until it is posed
    this.scene.add(scene);
    this.shown = key;
    return true;
  }

  remove() {
    if (!this.body) return;
    this.scene.remove(this.body.root);
    this.body.root.traverse((node) => {
      node.geometry?.dispose();
      node.material?.dispose();
    });
    this.body = null;
  }

  pose({ links }) {
    this.next = links;
    this.settled = false;
  }

  show() {
    if (!this.body || !this.next || (this.settled && this.body.root.visible)) return false;
    this.body.links.forEach((link, i) => {
      link.position.fromArray(this.next, 7 * i);
      link.quaternion.fromArray(this.next, 7 * i + 3);
    });
    this.at.fromArray(this.next, 0);
    this.forward.set(0, 0, 1);
    this.body.root.visible = this.settled = true;
    return true;
  }
}
