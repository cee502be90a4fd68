// NiceGUI's component around the stage of `clipactor-stage`.
import { Stage } from "clipactor-stage";

export default {
  template: `<canvas class="ca-canvas" tabindex="0" role="img"
    aria-label="The avatar. Drag or arrow keys to turn, wheel or + and - to come closer, double-click somebody to look at them."></canvas>`,
  mounted() {
    const free = document.querySelector(".ca-free");
    try {
      this.stage = new Stage(this.$el, free, (name, value) => this.$emit(name, value));
    } catch (error) {
      this.$emit("failed", String(error.message));
      return;
    }
    window.clipactorStage = this.stage; // for whoever looks closer, and for tests
  },
  unmounted() {
    this.stage?.close();
  },
  methods: {
    call(method, ...values) {
      return this.stage?.[method](...values);
    },
  },
};
