// The vertices of an avatar as the graphics card poses them, with the page's own shader chunks: each is drawn
// as one pixel whose color is its place in the world. The pose is given: position of the pelvis, 55 rotations, the face.
async ({ id, position, rotations, face }) => {
  const { THREE } = await import("nicegui-scene");
  const { withEightJoints } = await import("clipactor-stage/skin.js");
  const stage = window.clipactorStage;
  const avatar = stage.avatars.get(id);
  stage.renderer.setAnimationLoop(null); // it stands still while it is measured
  avatar.pose({ position, rotations, face }, performance.now());
  avatar.last = avatar.next;
  avatar.show(performance.now() + 10000);
  stage.scene.updateMatrixWorld(true);
  const material = new THREE.ShaderMaterial({
    vertexShader: withEightJoints(`
      #include <common>
      #include <skinning_pars_vertex>
      uniform float side;
      attribute float number;
      varying vec3 world;
      void main() {
        vec3 transformed = position;
        vec3 objectNormal = normal;
        #include <skinbase_vertex>
        #include <skinnormal_vertex>
        #include <skinning_vertex>
        world = (modelMatrix * vec4(transformed, 1.0)).xyz;
        vec2 pixel = vec2(mod(number, side), floor(number / side));
        int corner = gl_VertexID % 3;
        vec2 by = corner == 0 ? vec2(0.0) : corner == 1 ? vec2(2.0, 0.0) : vec2(0.0, 2.0);
        gl_Position = vec4(2.0 * (pixel + 0.7 * by + 0.05) / side - 1.0, 0.0, 1.0);
      }`),
    fragmentShader: "varying vec3 world; void main() { gl_FragColor = vec4(world, 1.0); }",
    side: THREE.DoubleSide,
  });
  const vertices = [];
  for (const mesh of avatar.body.meshes) {
    const count = mesh.geometry.attributes.position.count;
    const side = Math.ceil(Math.sqrt(count));
    material.uniforms.side = { value: side };
    const geometry = new THREE.BufferGeometry();
    for (const [name, { array, itemSize }] of Object.entries(mesh.geometry.attributes)) {
      const all = new Float32Array(3 * array.length);
      for (let i = 0; i < 3 * array.length; i++) {
        all[i] = array[itemSize * Math.floor(i / itemSize / 3) + (i % itemSize)];
      }
      geometry.setAttribute(name, new THREE.BufferAttribute(all, itemSize));
    }
    const numbers = Float32Array.from({ length: 3 * count }, (_, i) => Math.floor(i / 3));
    geometry.setAttribute("number", new THREE.BufferAttribute(numbers, 1));
    const copy = new THREE.SkinnedMesh(geometry, material);
    copy.bind(mesh.skeleton, mesh.bindMatrix);
    copy.frustumCulled = false;
    const scene = new THREE.Scene();
    scene.add(copy);
    const target = new THREE.WebGLRenderTarget(side, side, { type: THREE.FloatType });
    stage.renderer.setClearAlpha(0); // what is not drawn shows
    stage.renderer.setRenderTarget(target);
    stage.renderer.render(scene, stage.view.camera);
    const pixels = new Float32Array(4 * side * side);
    stage.renderer.readRenderTargetPixels(target, 0, 0, side, side, pixels);
    stage.renderer.setRenderTarget(null);
    stage.renderer.setClearAlpha(1);
    mesh.geometry.attributes._vertex.array.forEach((number, i) => {
      vertices.push([number, pixels[4 * i], pixels[4 * i + 1], pixels[4 * i + 2], pixels[4 * i + 3]]);
    });
    target.dispose();
    geometry.dispose();
  }
  stage.renderer.setAnimationLoop((now) => stage.draw(now));
  return vertices;
}
