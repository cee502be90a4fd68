"""The ablations of the paper's Fig. 9 and a few more, as schedules."""

from dataclasses import replace

from clipactor_node.style.schedule import Schedule


def variants(full: Schedule) -> dict[str, Schedule]:
    """Name -> schedule: the full one, and each with one part taken away (if it has that part).

    -aug_t: one content mesh instead of several (temporal augmentation).
    -sample: content meshes drawn at random instead of by their likeness to the text.
    -weight: the plain mean of Eq. 4 instead of the mask-weighted attention of Eq. 5.
    -decoupled: the paper's "base": the field sees the posed content mesh, which is the centre frame alone.
    -aug_2d: no perspective and no crops.
    -local, -geometry: without pictures of that level.
    -laplacian: without smoothing. -relief: color only. -proposal: from grey instead of from the text.
    """
    weights = full.weights
    # Each frame has its semantic terms: with one frame alone the smoothing must not count more.
    single = replace(full, frames=1, weights=replace(weights, laplacian=weights.laplacian / full.frames))
    found = {
        "full": full,
        "-aug_t": single,
        "-sample": replace(full, sampling="random"),
        "-weight": replace(full, attention=False),
        "-decoupled": replace(single, decoupled=False, sampling="centre"),
        "-aug_2d": replace(
            full, levels=tuple(replace(level, crop=1.0, perspective=0.0) for level in full.levels)
        ),
        "-laplacian": replace(full, weights=replace(weights, laplacian=0.0, relief=0.0)),
        "-relief": replace(full, moves_surface=False),
        "-proposal": replace(full, propose=False, weights=replace(weights, proposal=0.0)),
    }
    for name in ("local", "geometry"):
        rest = tuple(level for level in full.levels if level.name != name)
        if rest:
            found[f"-{name}"] = replace(full, levels=rest)
    return {name: schedule for name, schedule in found.items() if name == "full" or schedule != full}
