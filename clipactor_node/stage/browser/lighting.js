// Light that flatters, a floor without an edge, and the colors of the surroundings.
import { THREE } from "nicegui-scene";

const FLOOR_M = 60;
export const ENVIRONMENTS = {
  studio: { sky: 0xe9ebf0, floor: 0xdfe2e8, key: [0xfff1e0, 2.6], fill: 0.55, rim: [0xdfe9ff, 1.2], line: 0x9aa3b2 },
  dusk: { sky: 0x3a3550, floor: 0x4a4360, key: [0xffc38a, 2.8], fill: 0.5, rim: [0x8fa8ff, 2.2], line: 0x7d749c },
  night: { sky: 0x12151c, floor: 0x1a1e28, key: [0xfff0dc, 2.4], fill: 0.42, rim: [0x9fc2ff, 2.4], line: 0x39425a },
  meadow: { sky: 0xcfe4ef, floor: 0xa9c49a, key: [0xfff3d6, 3.0], fill: 0.7, rim: [0xffffff, 0.9], line: 0x86a578 },
};

// Soft boxes around a room, as a photographer would place them: what surfaces mirror and are filled with.
function softBoxes(renderer) {
  const room = new THREE.Scene();
  const box = new THREE.BoxGeometry();
  const add = (color, strength, scale, position) => {
    const material = new THREE.MeshBasicMaterial({ side: THREE.DoubleSide });
    material.color.set(color).multiplyScalar(strength);
    const mesh = new THREE.Mesh(box, material);
    mesh.scale.set(...scale);
    mesh.position.set(...position);
    room.add(mesh);
  };
  add(0xb9bec9, 0.55, [30, 30, 30], [0, 0, 0]);
  add(0xfff4e6, 9.0, [5, 0.2, 5], [4, 9, 5]);
  add(0xe8efff, 5.0, [0.2, 6, 6], [-10, 4, 3]);
  add(0xffffff, 4.0, [8, 3, 0.2], [0, 6, -11]);
  add(0x8d8a86, 0.6, [30, 0.2, 30], [0, -4, 0]);
  const generator = new THREE.PMREMGenerator(renderer);
  const texture = generator.fromScene(room, 0.03).texture;
  generator.dispose();
  return texture;
}

// A floor that fades into the sky and carries fine lines a metre apart; its middle follows who is looked at.
function floorMaterial() {
  const material = new THREE.MeshStandardMaterial({ roughness: 0.95, metalness: 0, envMapIntensity: 0.35 });
  material.userData.sky = { value: new THREE.Color() };
  material.userData.line = { value: new THREE.Color() };
  material.onBeforeCompile = (shader) => {
    Object.assign(shader.uniforms, { sky: material.userData.sky, line: material.userData.line });
    shader.vertexShader = shader.vertexShader
      .replace("#include <common>", "#include <common>\nvarying vec2 onFloor; varying vec2 fromMiddle;")
      .replace(
        "#include <begin_vertex>",
        "#include <begin_vertex>\nonFloor = (modelMatrix * vec4(position, 1.0)).xz; fromMiddle = position.xy;",
      );
    shader.fragmentShader = shader.fragmentShader
      .replace(
        "#include <common>",
        "#include <common>\nvarying vec2 onFloor; varying vec2 fromMiddle; uniform vec3 sky; uniform vec3 line;",
      )
      .replace(
        "#include <color_fragment>",
        `#include <color_fragment>
        vec2 width = fwidth(onFloor);
        vec2 near = abs(fract(onFloor - 0.5) - 0.5) / max(width, vec2(1e-5));
        float drawn = (1.0 - min(min(near.x, near.y), 1.0)) * (1.0 - smoothstep(0.02, 0.18, max(width.x, width.y)));
        diffuseColor.rgb = mix(diffuseColor.rgb, line, 0.28 * drawn * (1.0 - smoothstep(3.0, 9.0, length(fromMiddle))));`,
      )
      .replace(
        "#include <colorspace_fragment>",
        `#include <colorspace_fragment>
        gl_FragColor.rgb = mix(gl_FragColor.rgb, sky, smoothstep(2.5, 13.0, length(fromMiddle)));`,
      );
  };
  return material;
}

export class Lighting {
  constructor(renderer, scene) {
    this.scene = scene;
    scene.environment = softBoxes(renderer);
    this.key = new THREE.DirectionalLight();
    this.key.castShadow = true;
    Object.assign(this.key.shadow.camera, { left: -3, right: 3, top: 3, bottom: -3, near: 0.5, far: 14 });
    this.key.shadow.normalBias = 0.02;
    this.key.shadow.bias = -0.0004;
    this.key.shadow.radius = 5;
    this.rim = new THREE.DirectionalLight();
    this.floor = new THREE.Mesh(new THREE.CircleGeometry(FLOOR_M, 64), floorMaterial());
    this.floor.rotation.x = -Math.PI / 2;
    this.floor.receiveShadow = true;
    scene.add(this.key, this.key.target, this.rim, this.rim.target, this.floor);
    this.use("studio");
    this.follow(new THREE.Vector3());
  }

  use(name) {
    const look = ENVIRONMENTS[name] ?? ENVIRONMENTS.studio;
    this.scene.background = new THREE.Color(look.sky);
    this.scene.environmentIntensity = look.fill;
    this.key.color.set(look.key[0]);
    this.key.intensity = look.key[1];
    this.rim.color.set(look.rim[0]);
    this.rim.intensity = look.rim[1];
    this.floor.material.color.set(look.floor);
    this.floor.material.userData.sky.value.set(look.sky).convertLinearToSRGB(); // mixed in as it is shown
    this.floor.material.userData.line.value.set(look.line);
  }

  // Light and floor stay around a place (x and z count); `spread` metres around it get shadows.
  follow(place, spread = 3) {
    const { x, z } = place;
    this.floor.position.set(x, 0, z);
    this.key.target.position.set(x, 0.8, z);
    this.key.position.set(x + 2.4, 5.0, z + 3.6);
    this.rim.target.position.set(x, 1, z);
    this.rim.position.set(x - 2.5, 3.2, z - 4);
    const camera = this.key.shadow.camera;
    if (camera.right !== spread) {
      Object.assign(camera, { left: -spread, right: spread, top: spread, bottom: -spread, far: 8 + 2 * spread });
      camera.updateProjectionMatrix();
    }
  }

  shadows(size) {
    this.key.castShadow = size > 0;
    if (size > 0 && this.key.shadow.mapSize.x !== size) {
      this.key.shadow.mapSize.set(size, size);
      this.key.shadow.map?.dispose();
      this.key.shadow.map = null;
    }
  }
}
