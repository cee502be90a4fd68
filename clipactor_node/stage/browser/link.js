// The stream of frames from the server; it connects again by itself.
const VERSION = 2;
const JOINTS = 55;
const FACE = 12;
const SLOWEST_MS = 5000;

// Poses in a binary message of frames.py: of avatars {id, position: Float32Array(3), rotations: Float32Array(220),
// face: Float32Array(12)}, of robots {id, links: Float32Array(7 L)}.
export function unpack(buffer) {
  const view = new DataView(buffer);
  let at = 0;
  const whole = () => view.getUint32((at += 4) - 4, true);
  const numbers = (count) => new Float32Array(buffer, (at += 4 * count) - 4 * count, count);
  const [version, avatars, robots] = [whole(), whole(), whole()];
  if (version !== VERSION) throw new Error(`frames of version ${version}: load the page again`);
  const poses = [];
  for (let i = 0; i < avatars; i++) {
    const id = whole();
    poses.push({ id, position: numbers(3), rotations: numbers(4 * JOINTS), face: numbers(FACE) });
  }
  for (let i = 0; i < robots; i++) poses.push({ id: whole(), links: numbers(7 * whole()) });
  if (at !== buffer.byteLength) throw new Error(`a frame of ${buffer.byteLength} bytes; expected ${at}`);
  return poses;
}

export class Link {
  // onFrames: poses; onRoster: [{id, kind, name, appearance}]; onState: true when connected, false when not.
  constructor({ onFrames, onRoster, onState }) {
    Object.assign(this, { onFrames, onRoster, onState });
    this.waited = 250;
    this.#connect();
  }

  close() {
    this.closed = true;
    this.socket.close();
  }

  #connect() {
    if (this.closed) return;
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = (this.socket = new WebSocket(`${scheme}//${location.host}/stage/frames`));
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      this.waited = 250;
      this.onState(true);
    };
    socket.onmessage = ({ data }) => {
      if (typeof data === "string") this.onRoster(JSON.parse(data).avatars);
      else this.onFrames(unpack(data));
    };
    socket.onclose = () => {
      this.onState(false);
      setTimeout(() => this.#connect(), this.waited);
      this.waited = Math.min(2 * this.waited, SLOWEST_MS);
    };
  }
}
