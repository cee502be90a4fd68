// The stage in a browser: avatars, light, camera and the loop that draws them.
import { THREE } from "nicegui-scene";
import { Avatar } from "./avatar.js";
import { Drag } from "./drag.js";
import { Lighting } from "./lighting.js";
import { Link } from "./link.js";
import { Quality } from "./quality.js";
import { download, Recorder } from "./recorder.js";
import { Robot } from "./robot.js";
import { View } from "./view.js";

export class Stage {
  // canvas: to draw on. free: element that covers what the panels leave free. tell(name, value): events.
  constructor(canvas, free, tell) {
    Object.assign(this, { canvas, free, tell });
    this.renderer = new THREE.WebGLRenderer({ canvas, antialias: true, preserveDrawingBuffer: true });
    this.renderer.shadowMap.enabled = true;
    this.renderer.shadowMap.type = THREE.PCFSoftShadowMap;
    this.renderer.toneMapping = THREE.NeutralToneMapping;
    this.scene = new THREE.Scene();
    this.lighting = new Lighting(this.renderer, this.scene);
    this.view = new View(canvas);
    this.quality = new Quality(this.renderer.getContext(), ({ ratio, shadow }) => {
      this.renderer.setPixelRatio(Math.min(ratio, Math.max(devicePixelRatio, 1)));
      this.lighting.shadows(shadow);
      this.changed = true;
    });
    this.avatars = new Map();
    this.chosen = 0;
    this.pictures = 0; // drawn with a body in it
    this.link = new Link({
      onFrames: (poses) => this.#frames(poses),
      onRoster: (avatars) => this.#roster(avatars),
      onState: (connected) => tell("connected", connected),
    });
    this.drag = new Drag(this, (name, x, z) => tell("placed", { name, x, z }));
    this.observer = new ResizeObserver(() => this.#resize());
    this.observer.observe(canvas);
    this.observer.observe(free);
    canvas.addEventListener("dblclick", (event) => this.#choose(event));
    this.drawn = performance.now();
    this.#resize();
    this.renderer.setAnimationLoop((now) => this.draw(now));
  }

  close() {
    this.link.close();
    this.observer.disconnect();
    this.renderer.setAnimationLoop(null);
    for (const avatar of this.avatars.values()) avatar.remove();
    this.renderer.dispose();
  }

  camera(mode) {
    this.view.use(mode);
    if (mode !== "free") this.view.placed = false;
  }

  // Whether avatars are dragged with the pointer.
  place(on) {
    this.drag.use(on);
  }

  environment(name) {
    this.lighting.use(name);
    this.changed = true;
  }

  choose(id) {
    this.chosen = id;
    const avatar = this.avatars.get(id);
    if (avatar) this.view.focus(avatar.at);
  }

  still() {
    this.canvas.toBlob((blob) => download(blob, "clipactor.png"), "image/png");
  }

  // Begin or end a film; whether one is running now.
  record() {
    if (this.film) {
      this.film.stop();
      return false;
    }
    this.film = new Recorder(this.canvas, (blob, kind) => {
      this.film = null;
      download(blob, `clipactor.${kind}`);
      this.tell("recording", false);
    });
    this.tell("recording", true);
    return true;
  }

  #frames(poses) {
    const now = performance.now();
    for (const pose of poses) this.avatars.get(pose.id)?.pose(pose, now);
  }

  #roster(listed) {
    const there = new Set(listed.map(({ id }) => id));
    for (const [id, avatar] of this.avatars) {
      if (there.has(id)) continue;
      avatar.wear("");
      avatar.remove();
      this.avatars.delete(id);
    }
    for (const { id, kind, name, appearance } of listed) {
      const avatar = this.avatars.get(id) ?? new (kind === "robot" ? Robot : Avatar)(id, this.scene);
      this.avatars.set(id, avatar);
      avatar.name = name;
      if (avatar.appearance !== appearance) this.#wear(avatar, appearance);
    }
    if (!there.has(this.chosen)) this.chosen = 0;
    this.changed = true;
  }

  async #wear(avatar, appearance) {
    try {
      if (await avatar.wear(appearance)) {
        avatar.settled = false;
        this.changed = true;
        this.tell("worn", appearance);
      }
    } catch (error) {
      avatar.appearance = ""; // with the next roster it is tried again
      console.warn(`an appearance could not be loaded: ${error.message}`);
    }
  }

  #resize() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (!width || !height) return;
    this.renderer.setSize(width, height, false);
    const box = this.free.getBoundingClientRect();
    this.view.resize(width, height, {
      x: box.x,
      y: box.y,
      width: Math.max(box.width, 60),
      height: Math.max(box.height, 60),
    });
    this.changed = true;
  }

  #choose({ clientX, clientY }) {
    const { width, height } = this.view.size;
    const at = new THREE.Vector2((2 * clientX) / width - 1, 1 - (2 * clientY) / height);
    let best = null;
    let nearest = 0.25; // of the height of the picture
    for (const avatar of this.avatars.values()) {
      if (!avatar.body) continue;
      const seen = avatar.at.clone().project(this.view.camera);
      const away = Math.hypot((seen.x - at.x) * (width / height), seen.y - at.y);
      if (away < nearest) [best, nearest] = [avatar, away];
    }
    if (!best) return;
    this.choose(best.id);
    if (best instanceof Avatar) this.tell("chosen", best.name); // a robot does what an avatar does
  }

  // A picture, if anything changed since the last one.
  draw(now) {
    const since = now - this.drawn;
    let moved = this.changed;
    for (const avatar of this.avatars.values()) moved = avatar.show(now) || moved;
    const chosen = this.avatars.get(this.chosen) ?? this.avatars.values().next().value;
    const { at, forward } = chosen ?? { at: new THREE.Vector3(), forward: new THREE.Vector3(0, 0, 1) };
    moved = this.view.step(Math.min(since / 1000, 0.2), at, forward) || moved;
    if (!moved && !this.film) {
      this.drawn = now;
      return;
    }
    let spread = 2.2;
    for (const avatar of this.avatars.values()) {
      if (avatar.body) spread = Math.max(spread, Math.min(avatar.at.distanceTo(at) + 2, 12));
    }
    this.lighting.follow(at, Math.ceil(spread));
    const began = performance.now();
    this.renderer.render(this.scene, this.view.camera);
    this.changed = false;
    this.pictures += [...this.avatars.values()].some(({ body }) => body?.root.visible) ? 1 : 0;
    this.quality.drawn(performance.now() - began, since);
    this.drawn = now;
  }
}
