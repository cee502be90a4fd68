// Somebody is put elsewhere: taken with the pointer, dragged over the floor, let go.
import { THREE } from "nicegui-scene";

const REACH_M = 0.45; // from the axis of a body that is taken
const FLOOR = new THREE.Plane(new THREE.Vector3(0, 1, 0), 0);

export class Drag {
  // stage: with canvas, view and avatars. placed(name, x, z): called when somebody was let go, metres.
  constructor(stage, placed) {
    Object.assign(this, { stage, placed, on: false, taken: null });
    const { canvas } = stage;
    canvas.addEventListener("pointerdown", (event) => this.#take(event), { capture: true });
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    canvas.addEventListener("pointerup", () => this.#letGo());
    canvas.addEventListener("pointercancel", () => this.#letGo());
  }

  // Whether avatars can be taken; the camera is turned with what is beside them.
  use(on) {
    this.on = on;
    this.stage.canvas.style.cursor = on ? "grab" : "";
  }

  #ray({ clientX, clientY }) {
    const { width, height } = this.stage.view.size;
    const at = new THREE.Vector2((2 * clientX) / width - 1, 1 - (2 * clientY) / height);
    const caster = new THREE.Raycaster();
    caster.setFromCamera(at, this.stage.view.camera);
    return caster.ray;
  }

  #take(event) {
    if (!this.on) return;
    const ray = this.#ray(event);
    let nearest = REACH_M ** 2;
    for (const avatar of this.stage.avatars.values()) {
      if (!avatar.body?.bones) continue;
      const { x, z } = avatar.at;
      const away = ray.distanceSqToSegment(new THREE.Vector3(x, 0, z), new THREE.Vector3(x, 1.8, z));
      if (away < nearest) [this.taken, nearest] = [avatar, away];
    }
    const from = this.taken && ray.intersectPlane(FLOOR, new THREE.Vector3());
    if (!from) {
      this.taken = null;
      return;
    }
    this.from = from;
    this.taken.dragged = new THREE.Vector3();
    this.stage.view.controls.enabled = false;
  }

  #move(event) {
    const to = this.taken && this.#ray(event).intersectPlane(FLOOR, new THREE.Vector3());
    if (!to || to.distanceTo(this.from) > 30) return; // the horizon
    this.taken.dragged.subVectors(to, this.from);
    this.taken.settled = false;
  }

  #letGo() {
    const { taken } = this;
    if (!taken) return;
    this.taken = null;
    this.stage.view.controls.enabled = true;
    const by = taken.dragged;
    taken.dragged = null;
    taken.settled = false;
    if (by.length() > 0.05) this.placed(taken.name, taken.next.position[0] + by.x, taken.next.position[2] + by.z);
  }
}
