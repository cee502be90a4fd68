// The stream of frames from the server; it connects again by itself.
const VERSION = 1;
const JOINTS = 55;
const WORDS = 1 + 3 + 4 * JOINTS; // of an avatar in a message, each of four bytes
const SLOWEST_MS = 5000;

// Poses in a binary message of frames.py: [{id, position: Float32Array(3), rotations: Float32Array(220)}].
export function unpack(buffer) {
  const view = new DataView(buffer);
  const count = view.getUint32(4, true);
  if (view.getUint32(0, true) !== VERSION || buffer.byteLength !== 8 + 4 * WORDS * count) {
    throw new Error(`a frame of ${buffer.byteLength} bytes for ${count} avatars`);
  }
  return Array.from({ length: count }, (_, i) => {
    const at = 8 + 4 * WORDS * i;
    return {
      id: view.getUint32(at, true),
      position: new Float32Array(buffer, at + 4, 3),
      rotations: new Float32Array(buffer, at + 16, 4 * JOINTS),
    };
  });
}

export class Link {
  // onFrames: poses; onRoster: [{id, name, appearance}]; onState: true when connected, false when not.
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
