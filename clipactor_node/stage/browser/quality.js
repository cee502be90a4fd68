// Pixels and shadows that the machine can draw in time.
const LEVELS = [
  { ratio: 2.0, shadow: 2048 },
  { ratio: 1.5, shadow: 2048 },
  { ratio: 1.0, shadow: 1024 },
  { ratio: 0.75, shadow: 512 },
  { ratio: 0.5, shadow: 512 },
  { ratio: 0.5, shadow: 0 },
];
const SLOW_MS = 34; // a picture
const SOFTWARE = /swiftshader|llvmpipe|software|softpipe|basic render/i;
const PICTURES = 20; // before anything is changed

export class Quality {
  // `apply({ratio, shadow})` is called at once and whenever it changes.
  constructor(context, apply) {
    const names = context.getExtension("WEBGL_debug_renderer_info");
    this.renderer = String(context.getParameter(names ? names.UNMASKED_RENDERER_WEBGL : context.RENDERER));
    this.software = SOFTWARE.test(this.renderer);
    this.apply = apply;
    this.level = this.software ? 3 : devicePixelRatio > 1.5 ? 0 : 2;
    this.times = [];
    apply(LEVELS[this.level]);
  }

  // Milliseconds that drawing a picture took, and since the one before.
  drawn(took, since) {
    if (since > 1000) return; // nothing was to be drawn, or the page was hidden
    this.times.push(Math.max(took, this.software ? took : Math.min(since, 200)));
    if (this.times.length < PICTURES) return;
    const middle = this.times.sort((a, b) => a - b)[PICTURES / 2];
    this.times = [];
    if (middle > SLOW_MS && this.level < LEVELS.length - 1) this.apply(LEVELS[++this.level]);
  }
}
