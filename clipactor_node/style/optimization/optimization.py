"""One style being optimized: its state, one iteration of it, and how good it is."""

import os
from collections.abc import Callable, Iterator

import numpy as np
import torch
from torch import Tensor

from clipactor_node.appearance.painting import Proposal
from clipactor_node.errors import StyleError
from clipactor_node.imagetext import ImageTextModel, ReadsOut
from clipactor_node.style.backends.backend import load_backend
from clipactor_node.style.backends.shading import jittered_light, render
from clipactor_node.style.frames import Frames
from clipactor_node.style.optimization import augment, content, devices, objective, views
from clipactor_node.style.optimization.baking import baked
from clipactor_node.style.optimization.field import DISPLACEMENT_LIMIT, StyleField
from clipactor_node.style.optimization.mesh import Topology
from clipactor_node.style.optimization.phases import Phases
from clipactor_node.style.optimization.proposing import proposal_of
from clipactor_node.style.optimization.state import State, arrays_of, load_arrays
from clipactor_node.style.schedule import Level, Schedule
from clipactor_node.style.surfaces import laid_on

AT_ONCE = {"cpu": 16, "cuda": 128}
"""Images encoded in one batch, by device, until memory runs out."""
_SCORED_FRAMES, _SCORED_VIEWS = 2, 4


_Unit = tuple[Level, augment.Warps, int]
"""A level, the N warps of one frame's views, and the first of those views."""


class NotFinite(Exception):
    """A loss or gradient that is no number."""


class Interrupted(Exception):
    """Somebody wants the iteration to end at once; the field is unchanged."""


class Optimization:
    """The decoupled neural style field of one prompt, and everything that improves it.

    Args:
        prompt: what the avatar is to look like.
        frames: the motion, posed.
        model: an `ImageTextModel` on `device`.
        schedule: what to do.
        seed: of the field, the cameras, the warps; the same seed gives the same bytes on one machine.
        backend: a name for `load_backend`.
        device: a torch device.
    """

    def __init__(
        self,
        prompt: str,
        frames: Frames,
        model: ImageTextModel,
        schedule: Schedule,
        seed: int = 0,
        backend: str = "auto",
        device: str = "cpu",
    ) -> None:
        self.prompt, self.model, self.schedule, self.seed = prompt, model, schedule, seed
        self.device = torch.device(device)
        if self.device.type == "cuda":
            os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # or it refuses a fixed order of sums
        self.frames, self.look = laid_on(frames, schedule, prompt)
        self.backend = load_backend(backend, device)
        self.topology = Topology(self.frames.faces, len(self.frames.template), self.device)
        self.phases = Phases(self.device)
        self.events: list[str] = []
        self.text = model.encode_text([model.wording.format(prompt)])[0]
        self._reader = model if schedule.weights.readout > 0 and isinstance(model, ReadsOut) else None
        self._wanted = None if self._reader is None else self._reader.readout(self.text[None])[0].detach()
        self.content = self._content()
        self.proposal = self._proposal()
        self.field = StyleField(schedule.field, self._template(), seed, self.proposal).to(self.device)
        self._base = self.field.base_color.clone(), self.field.base_relief.clone()
        self.optimizer = torch.optim.Adam(self.field.parameters(), lr=schedule.learning_rate)
        self._joints, self._facing = self.frames.joints(self.content), self.frames.facing(self.content)
        self._posed, self._normals = self._pose(self.content)
        self._fixed = None if schedule.moves_surface else self._fixed_meshes()
        scored = content.evenly(len(self.frames), _SCORED_FRAMES)
        self._scored, self._scored_facing = self._pose(scored), self.frames.facing(scored)
        self.interrupted: Callable[[], bool] = lambda: False  # asked before every batch
        self.iteration = 0
        self.rate_scale = 1.0
        self.at_once = AT_ONCE.get(self.device.type, 24)

    @property
    def views_per_iteration(self) -> int:
        return len(self.content) * self.schedule.views.per_frame

    @property
    def images_per_iteration(self) -> int:
        return self.views_per_iteration * sum(level.repeats for level in self.schedule.levels)

    @property
    def learning_rate(self) -> float:
        s = self.schedule
        return self.rate_scale * s.learning_rate * s.decay ** (self.iteration // s.decay_every)

    def step(self) -> dict[str, float]:
        """One iteration -> the value of every term of the loss, weighted.

        Raises:
            NotFinite: a loss or gradient is no number; the field is unchanged.
            Interrupted: `interrupted()` said so; the field is unchanged.
            StyleError: out of memory with the smallest batch there is.
        """
        with devices.reproducible():
            while True:
                try:
                    terms = self._gradients(self._generator())
                    break
                except RuntimeError as error:
                    if not devices.out_of_memory(error):
                        raise
                self._halve()
            gradients = [p.grad for p in self.field.parameters() if p.grad is not None]
            sizes = torch.stack([gradient.abs().sum() for gradient in gradients]).tolist()
            if not np.isfinite([*terms.values(), *sizes]).all():
                raise NotFinite(f"iteration {self.iteration}: loss {sum(terms.values())}")
            with self.phases("step"):
                for group in self.optimizer.param_groups:
                    group["lr"] = self.learning_rate
                self.optimizer.step()
        self.iteration += 1
        return terms

    # Its state.

    def state_dict(self) -> State:
        """All that changes from iteration to iteration, copied."""
        facts = {
            "iteration": self.iteration,
            "rate_scale": self.rate_scale,
            "at_once": self.at_once,
            "events": list(self.events),
        }
        return State(arrays_of(self.field, self.optimizer), facts)

    def load_state_dict(self, state: State) -> None:
        """Goes on from a state as if it had come there itself, to the bit."""
        self.rewind(state)
        self.rate_scale, self.at_once = state.facts["rate_scale"], state.facts["at_once"]
        self.events[:] = state.facts["events"]

    def rewind(self, state: State) -> None:
        """Back to a state's field, Adam and iteration; what was learned about memory and rates stays."""
        load_arrays(self.field, self.optimizer, state.arrays)
        self.iteration = state.facts["iteration"]

    def retreat(self, state: State, error: NotFinite) -> None:
        """After an iteration that came to nothing: from a state, with other views and half the rate."""
        failed = self.iteration
        self.rewind(state)
        self.iteration = failed + 1  # whose views are others
        self.rate_scale *= 0.5
        self.events.append(
            f"{error} is no number: back to the last good state, learning rate x {self.rate_scale:g}"
        )

    # What it has come to.

    @torch.no_grad()
    def score(self) -> float:
        """Mean cosine with the text over fixed views of evenly spread frames, no warps, white background."""
        with devices.reproducible():
            posed, normals = self._scored
            colors, displacement, _ = self._style()
            size = self.schedule.views.size
            cameras = views.around(self._scored_facing, _SCORED_VIEWS, 2.1, 60.0, size, self.device)
            vertices = posed + displacement[:, None] * normals
            pictures = render(vertices, colors, self.topology, cameras, self.backend)
            white = augment.over(pictures.color, pictures.mask, torch.ones(1, 3, device=self.device))
            white = augment.apply(white, augment.unwarped(len(white), self.device), self.model.input_size)
            embeddings = self.model.encode_image(white).view(len(posed), _SCORED_VIEWS, -1)
            weights = augment.foreground(pictures.mask).view(len(posed), _SCORED_VIEWS)
            return objective.score(embeddings, weights, self.text)

    @torch.no_grad()
    def result(self) -> tuple[np.ndarray, np.ndarray]:
        """-> colors (V, 3) uint8, displacement (V,) float16 metres, as the field stands."""
        colors, displacement, _ = self._style()
        bytes_ = (colors * 255.0 + 0.5).clamp(0, 255).to(torch.uint8)
        return bytes_.cpu().numpy(), displacement.half().cpu().numpy()

    @torch.no_grad()
    def texture(self) -> np.ndarray | None:
        """(S, S, 3) uint8, the field at every texel of what is worn; None: it lies on the body."""
        with devices.reproducible():
            return None if self.look is None else baked(self.field, self.look)

    # What is fixed before the first iteration.

    def _content(self) -> np.ndarray:
        s, candidates = self.schedule, content.evenly(len(self.frames), self.schedule.scored_frames)
        if s.sampling == "random":
            return content.naive_frames(candidates, s.frames, self.seed)
        if s.sampling == "centre":
            return content.centre_frame(len(self.frames))
        with devices.reproducible():
            scores = content.frame_scores(
                self.frames, candidates, self.text, self.model, self.topology, self.backend
            )
        return content.best_frames(scores, candidates, s.frames, s.spacing)

    def _proposal(self) -> Proposal | None:
        chosen = self.schedule.propose
        proposal = proposal_of(self.prompt, self.model, self.frames, self.look) if chosen else None
        self.events += [proposal.note] if proposal is not None and proposal.note else []
        return proposal

    def _template(self) -> np.ndarray:
        """What the field sees: the T-pose, or in the ablation the first content mesh."""
        if self.schedule.decoupled:
            return self.frames.template
        return self.frames.vertices(self.content[:1])[0]

    def _pose(self, indices: np.ndarray) -> tuple[Tensor, Tensor]:
        """Content meshes and their normals, along which they are displaced: twice (F, V, 3)."""
        posed = torch.as_tensor(self.frames.vertices(indices), device=self.device)
        return posed, self.topology.normals(posed)

    def _fixed_meshes(self) -> tuple[Tensor, Tensor]:
        """Where the surface may not move: the displaced content meshes and their normals, once for all."""
        with torch.no_grad():
            posed = self._posed + self._style()[1][:, None] * self._normals
            return posed, self.topology.normals(posed)

    # One iteration.

    def _generator(self) -> torch.Generator:
        """Random numbers of this iteration alone: what came before does not matter, so resuming is exact."""
        return torch.Generator().manual_seed((self.seed * 1_000_003 + self.iteration) % 2**63)

    def _style(self) -> tuple[Tensor, Tensor, tuple[Tensor, Tensor]]:
        """Colors (V, 3), displacement (V,), and the logits of both."""
        half = self.schedule.precision == "bf16"
        with torch.autocast(self.device.type, torch.bfloat16, enabled=half):
            color, relief = self.field.logits()
        if not self.schedule.moves_surface:
            relief = self._base[1]
        displacement = DISPLACEMENT_LIMIT * relief.tanh().squeeze(1)
        return 0.5 + 0.5 * color.tanh(), displacement, (color, relief)

    def _gradients(self, generator: torch.Generator) -> dict[str, float]:
        """Fills the gradients of the field -> weighted terms of the loss."""
        s, phases = self.schedule, self.phases
        cameras = views.sample(s.views, self._joints, self._facing, generator, self.device)
        light = None
        if s.views.light_jitter:
            light = jittered_light(len(cameras), s.views.light_jitter, generator, self.device)
        color = torch.rand(1, 3, generator=generator)
        background = (color if s.views.background == "random" else torch.ones(1, 3)).to(self.device)
        warps = [
            (level, augment.draw(level, len(cameras), generator).to(self.device))
            for level in s.levels
            for _ in range(level.repeats)
        ]
        self.optimizer.zero_grad(set_to_none=True)
        with phases("field"):
            colors, displacement, logits = self._style()
            posed, normals = self._fixed or (self._posed + displacement[:, None] * self._normals, None)
        with phases("render"):
            pictures = render(posed, colors, self.topology, cameras, self.backend, light, normals)
            drawn = {"color": pictures.color, "grey": pictures.grey[:, :1]}
        seen = {name: picture.detach().requires_grad_() for name, picture in drawn.items()}
        terms = {"semantic": 0.0, "readout": 0.0} if self._reader is not None else {"semantic": 0.0}
        for units in self._chunks(warps):
            if self.interrupted():
                raise Interrupted
            self._encode(units, seen, pictures.mask, background, terms)
        with phases("backward"):
            mesh = objective.mesh_terms(
                s.weights, self.topology, posed, colors, displacement, logits, self._base
            )
            ends = [(drawn[name], seen[name].grad) for name in drawn if seen[name].grad is not None]
            ends = [
                end for end in [*ends, *((value, None) for value in mesh.values())] if end[0].requires_grad
            ]
            values, gradients = zip(*ends, strict=True)
            torch.autograd.backward(list(values), list(gradients))
        return terms | {name: float(value.detach()) for name, value in mesh.items()}

    def _chunks(self, warps: list[tuple[Level, augment.Warps]]) -> Iterator[list[_Unit]]:
        """Units (level, N warps, first view) of one frame's views, as many as fit at once."""
        views_per_frame = self.schedule.views.per_frame
        units = [
            (level, drawn.of(slice(first, first + views_per_frame)), first)
            for level, drawn in warps
            for first in range(0, len(drawn), views_per_frame)
        ]
        step = max(1, self.at_once // views_per_frame)
        for start in range(0, len(units), step):
            yield units[start : start + step]

    def _encode(
        self,
        units: list[_Unit],
        seen: dict[str, Tensor],
        mask: Tensor,
        background: Tensor,
        terms: dict[str, float],
    ) -> None:
        """Warps, encodes and compares the pictures of some units; adds to `terms` and to `seen`'s gradients.

        The semantic loss of one frame needs the views of that frame alone, so the gradients of the whole
        iteration can be summed unit by unit: memory is bounded, and no work is done twice.
        """
        s, phases, n = self.schedule, self.phases, self.schedule.views.per_frame
        with phases("augment"):
            images, weights = [], []
            for level, warp, first in units:
                views_of_frame = slice(first, first + n)
                layers = torch.cat([seen[level.picture][views_of_frame], mask[views_of_frame]], 1)
                warped = augment.apply(layers, warp, self.model.input_size)
                picture, cover = warped[:, :-1].expand(-1, 3, -1, -1), warped[:, -1:]
                images.append(augment.over(picture, cover, background))
                weights.append(augment.foreground(cover))
        with phases("encode"):
            embeddings = self.model.encode_image(torch.cat(images)).view(len(units), n, -1)
            attention = torch.stack(weights) if s.attention else None
            mean = objective.embedding_attention(embeddings, attention)
            loss = s.weights.semantic * objective.semantic_loss(mean, self.text)
            terms["semantic"] += float(loss.detach())
            if self._reader is not None and self._wanted is not None:
                read = s.weights.readout * objective.readout_loss(self._reader.readout(mean), self._wanted)
                terms["readout"] += float(read.detach())
                loss = loss + read
        with phases("backward"):
            loss.backward()  # type: ignore[no-untyped-call]  # torch's

    def _halve(self) -> None:
        """Half as many images at once."""
        self.optimizer.zero_grad(set_to_none=True)
        if self.device.type == "cuda":
            torch.cuda.empty_cache()
        smallest = self.schedule.views.per_frame
        if self.at_once <= smallest:
            raise StyleError(
                f"out of memory with {smallest} images at once on {self.device}; "
                "choose a smaller preset (cpu-preview), or free memory"
            )
        self.at_once = max(smallest, self.at_once // 2)
        self.events.append(f"out of memory: going on with {self.at_once} images at once")
