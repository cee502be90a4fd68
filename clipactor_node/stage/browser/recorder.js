// What the canvas shows, as files.
export function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

const KINDS = ["video/webm;codecs=vp9", "video/webm;codecs=vp8", "video/webm", "video/mp4"];
const PATIENCE_MS = 10000;
const LONGEST_MS = 10 * 60 * 1000;

export class Recorder {
  // Begin; `onEnd(blob, extension)` is called once when it is over.
  constructor(canvas, onEnd) {
    const kind = KINDS.find((one) => MediaRecorder.isTypeSupported(one));
    if (!kind) throw new Error("this browser records no films");
    const parts = (this.parts = []);
    this.recorder = new MediaRecorder(canvas.captureStream(30), { mimeType: kind, videoBitsPerSecond: 8e6 });
    this.recorder.ondataavailable = ({ data }) => {
      if (data.size) parts.push(data);
      if (this.ending && parts.length) this.end();
    };
    this.recorder.onstop = () => {
      clearTimeout(this.limit);
      onEnd(new Blob(parts, { type: kind.split(";")[0] }), kind.includes("mp4") ? "mp4" : "webm");
    };
    this.recorder.start(1000);
    this.limit = setTimeout(() => this.stop(), LONGEST_MS);
  }

  // End; on a slow machine only when there is something to be seen, for which it waits a while.
  stop() {
    if (this.parts.length) return this.end();
    this.ending = true;
    setTimeout(() => this.end(), PATIENCE_MS);
  }

  end() {
    if (this.recorder.state !== "inactive") this.recorder.stop();
  }
}
