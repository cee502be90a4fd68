// The camera: orbit (you steer), follow (it stays with the avatar), front (it faces it), free (you walk about).
import { OrbitControls, THREE } from "nicegui-scene";

export const MODES = ["follow", "front", "orbit", "free"];
const MIDDLE_M = 0.95; // of a standing person
const HEIGHT_M = 2.15; // what is to fit: a person, and room for raised arms
const WIDTH_M = 1.7;
const CLOSING_S = 0.3;
const CUT_M = 3.0;
const PACE_M = 2.0; // per second, with the keyboard
const TURN_RAD = 1.6; // the same

export class View {
  constructor(canvas) {
    this.camera = new THREE.PerspectiveCamera(32, 1, 0.05, 400);
    this.controls = new OrbitControls(this.camera, canvas);
    Object.assign(this.controls, {
      enableDamping: true,
      dampingFactor: 0.12,
      maxPolarAngle: Math.PI / 2 - 0.01,
      minDistance: 0.4,
      maxDistance: 30,
      autoRotateSpeed: 1.6,
    });
    this.mode = "follow";
    this.height = MIDDLE_M;
    this.keys = new Set();
    this.free = { x: 0, y: 0, width: 1, height: 1 };
    this.touched = false;
    this.controls.addEventListener("start", () => (this.touched = true));
    canvas.addEventListener("keydown", (event) => {
      if (event.code.startsWith("Arrow")) event.preventDefault(); // the page does not scroll
      this.keys.add(event.code);
    });
    canvas.addEventListener("keyup", ({ code }) => this.keys.delete(code));
    canvas.addEventListener("blur", () => this.keys.clear());
    this.placed = false;
  }

  use(mode) {
    this.mode = MODES.includes(mode) ? mode : "follow";
    this.controls.autoRotate = mode === "orbit";
    this.controls.screenSpacePanning = mode !== "free";
    this.touched = false;
  }

  // Size of the canvas, and the part of it that nothing covers (in CSS pixels): the avatar stands in its middle.
  resize(width, height, free) {
    this.size = { width, height };
    this.free = free;
    this.camera.aspect = width / height;
    const [x, y] = [free.x + free.width / 2 - width / 2, free.y + free.height / 2 - height / 2];
    this.camera.setViewOffset(width, height, -x, -y, width, height);
    if (!this.touched) this.placed = false;
  }

  // So far away that a person fills the free part.
  get distance() {
    const tangent = Math.tan((this.camera.fov * Math.PI) / 360);
    const { width, height } = this.size;
    const tall = (HEIGHT_M * height) / this.free.height / 2 / tangent;
    const wide = (WIDTH_M * height) / this.free.width / 2 / tangent;
    return Math.min(Math.max(tall, wide), 12);
  }

  // Look at a place from the front again.
  home(place, forward) {
    const target = new THREE.Vector3(place.x, MIDDLE_M, place.z);
    const turned = new THREE.Vector3(0.28, 0.16, 1).normalize();
    if (this.mode === "front") turned.applyQuaternion(heading(forward));
    this.controls.target.copy(target);
    this.camera.position.copy(target).addScaledVector(turned, this.distance);
    this.placed = true;
  }

  focus(place) {
    const by = new THREE.Vector3(place.x, MIDDLE_M, place.z).sub(this.controls.target);
    this.camera.position.add(by);
    this.controls.target.add(by);
  }

  // `seconds` after the last call; whether the camera moved.
  step(seconds, place, forward) {
    if (!this.placed && this.size) this.home(place, forward);
    if (this.mode === "free") this.#walk(seconds);
    else {
      this.#turn(seconds);
      this.#stay(seconds, place, forward);
    }
    return this.controls.update(seconds);
  }

  #stay(seconds, place, forward) {
    const share = 1 - Math.exp(-seconds / CLOSING_S);
    const by = new THREE.Vector3(place.x, this.controls.target.y, place.z).sub(this.controls.target);
    by.multiplyScalar(by.length() > CUT_M ? 1 : share);
    this.controls.target.add(by);
    this.camera.position.add(by);
    if (this.mode !== "front" || this.touched) return;
    const from = this.camera.position.clone().sub(this.controls.target);
    const wanted = Math.atan2(forward.x, forward.z);
    let turn = wanted - Math.atan2(from.x, from.z);
    turn = Math.atan2(Math.sin(turn), Math.cos(turn));
    from.applyAxisAngle(new THREE.Vector3(0, 1, 0), turn * share * 0.5);
    this.camera.position.copy(this.controls.target).add(from);
  }

  #pressed(...codes) {
    return codes.some((code) => this.keys.has(code));
  }

  // Arrow keys go around, + and - nearer and away.
  #turn(seconds) {
    const aside = this.#pressed("ArrowRight") - this.#pressed("ArrowLeft");
    const up = this.#pressed("ArrowUp") - this.#pressed("ArrowDown");
    const away = this.#pressed("Minus", "NumpadSubtract") - this.#pressed("Equal", "BracketRight", "NumpadAdd");
    if (!aside && !up && !away) return;
    this.touched = true;
    const { target, minDistance, maxDistance, maxPolarAngle } = this.controls;
    const seen = new THREE.Spherical().setFromVector3(this.camera.position.clone().sub(target));
    seen.theta += aside * TURN_RAD * seconds;
    seen.phi = Math.min(Math.max(seen.phi - up * TURN_RAD * seconds, 0.05), maxPolarAngle);
    seen.radius = Math.min(Math.max(seen.radius * Math.exp(away * TURN_RAD * seconds), minDistance), maxDistance);
    this.camera.position.setFromSpherical(seen).add(target);
  }

  #walk(seconds) {
    const ahead = this.camera.getWorldDirection(new THREE.Vector3()).setY(0).normalize();
    const aside = new THREE.Vector3(-ahead.z, 0, ahead.x);
    const by = new THREE.Vector3();
    if (this.#pressed("KeyW", "ArrowUp")) by.add(ahead);
    if (this.#pressed("KeyS", "ArrowDown")) by.sub(ahead);
    if (this.#pressed("KeyD", "ArrowRight")) by.add(aside);
    if (this.#pressed("KeyA", "ArrowLeft")) by.sub(aside);
    by.multiplyScalar(PACE_M * seconds);
    this.camera.position.add(by);
    this.controls.target.add(by);
  }
}

function heading(forward) {
  return new THREE.Quaternion().setFromAxisAngle(new THREE.Vector3(0, 1, 0), Math.atan2(forward.x, forward.z));
}
