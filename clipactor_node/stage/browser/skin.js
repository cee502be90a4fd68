// Skinned meshes with eight joints per vertex. three.js draws the first four; glTF's second set arrives as the
// attributes `joints_1` and `weights_1`, and the chunks of the vertex shader below sum all of them.
import { THREE } from "nicegui-scene";

const PARS = `
#ifdef USE_SKINNING
  attribute vec4 joints_1;
  attribute vec4 weights_1;
#endif
`;
const SUM = `
#ifdef USE_SKINNING
  mat4 skinMatrix = skinWeight.x * getBoneMatrix(skinIndex.x) + skinWeight.y * getBoneMatrix(skinIndex.y)
    + skinWeight.z * getBoneMatrix(skinIndex.z) + skinWeight.w * getBoneMatrix(skinIndex.w);
  if (weights_1.x > 0.0) {
    skinMatrix += weights_1.x * getBoneMatrix(joints_1.x) + weights_1.y * getBoneMatrix(joints_1.y)
      + weights_1.z * getBoneMatrix(joints_1.z) + weights_1.w * getBoneMatrix(joints_1.w);
  }
  skinMatrix = bindMatrixInverse * skinMatrix * bindMatrix;
#endif
`;
const NORMAL = `
#ifdef USE_SKINNING
  objectNormal = (skinMatrix * vec4(objectNormal, 0.0)).xyz;
#endif
`;
const POSITION = `
#ifdef USE_SKINNING
  transformed = (skinMatrix * vec4(transformed, 1.0)).xyz;
#endif
`;

// The vertex shader of a material of three.js, with all eight joints.
export function withEightJoints(vertexShader) {
  return vertexShader
    .replace("#include <skinning_pars_vertex>", `#include <skinning_pars_vertex>${PARS}`)
    .replace("#include <skinbase_vertex>", SUM)
    .replace("#include <skinnormal_vertex>", NORMAL)
    .replace("#include <skinning_vertex>", POSITION);
}

function patch(material) {
  material.onBeforeCompile = (shader) => {
    shader.vertexShader = withEightJoints(shader.vertexShader);
  };
  material.customProgramCacheKey = () => "eight joints";
  return material;
}

// GLTFLoader makes the first four weights sum to 1; with the second four they have to sum to what is left.
function restoreWeights(geometry) {
  const first = geometry.attributes.skinWeight;
  let second = geometry.attributes.weights_1;
  if (!second) {
    second = new THREE.BufferAttribute(new Float32Array(4 * first.count), 4);
    geometry.setAttribute("weights_1", second);
    geometry.setAttribute("joints_1", second.clone());
  }
  for (let i = 0; i < first.count; i++) {
    const left = 1 - (second.getX(i) + second.getY(i) + second.getZ(i) + second.getW(i));
    first.setXYZW(i, first.getX(i) * left, first.getY(i) * left, first.getZ(i) * left, first.getW(i) * left);
  }
}

// Make a skinned mesh of GLTFLoader draw with eight joints, also into shadow maps.
export function prepareSkin(mesh) {
  restoreWeights(mesh.geometry);
  for (const material of [mesh.material].flat()) patch(material);
  mesh.customDepthMaterial = patch(new THREE.MeshDepthMaterial({ depthPacking: THREE.RGBADepthPacking }));
  mesh.frustumCulled = false; // its bounds are those of the T-pose
  mesh.castShadow = mesh.receiveShadow = true;
}
