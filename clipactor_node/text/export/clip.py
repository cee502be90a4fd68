"""Text towers of open_clip models: CLIP, and what open_clip calls by other names."""

import hashlib
import json
from pathlib import Path

import open_clip
import torch
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, processors

from clipactor_node.errors import InvalidChoice, ModelError
from clipactor_node.text.encoder_folder import Manifest
from clipactor_node.text.export.graph import Tower, quiet

RANDOM = "random"
"""In place of a pretrained tag: weights that mean nothing, to test the export where none can be had."""


class CausalTower(torch.nn.Module):
    """CLIP's own text tower at any length up to its context.

    A causal transformer never looks ahead, so what follows the end token cannot matter and need
    not be computed: a short prompt costs a tenth of the full 77 tokens.
    """

    def __init__(self, clip: open_clip.CLIP) -> None:
        super().__init__()
        self.clip: open_clip.CLIP = clip

    def forward(self, input_ids: torch.Tensor) -> torch.Tensor:
        clip, length = self.clip, input_ids.shape[1]
        states = clip.token_embedding(input_ids) + clip.positional_embedding[:length]
        states = clip.ln_final(clip.transformer(states, attn_mask=clip.attn_mask[:length, :length]))
        at_end = states[torch.arange(input_ids.shape[0]), input_ids.argmax(dim=-1)]
        projection = clip.text_projection
        if isinstance(projection, torch.nn.Linear):
            at_end = projection(at_end)
        elif projection is not None:
            at_end = at_end @ projection
        return torch.nn.functional.normalize(at_end, dim=-1)


class FixedTower(torch.nn.Module):
    """Any other tower, at its full context length."""

    def __init__(self, clip: open_clip.CLIP) -> None:
        super().__init__()
        self.clip: open_clip.CLIP = clip

    def forward(self, input_ids: torch.Tensor) -> torch.Tensor:
        return self.clip.encode_text(input_ids, normalize=True)


def clip_tower(name: str, spec: str, licence: str = "see the model card") -> Tower:
    """The text tower of `<architecture>/<pretrained tag, weights file or "random">`.

    Raises:
        InvalidChoice: open_clip knows no such architecture or tag.
        ModelError: the weights cannot be had, or its tokenizer cannot be exported.
    """
    architecture, _, pretrained = spec.partition("/")
    if architecture not in open_clip.list_models():
        raise InvalidChoice("open_clip architecture", architecture, open_clip.list_models())
    model = _model(architecture, pretrained)
    tokenizer = open_clip.get_tokenizer(architecture)
    causal = hasattr(model, "token_embedding") and getattr(model, "text_pool_type", "argmax") == "argmax"
    causal = causal and getattr(model, "attn_mask", None) is not None
    context = int(tokenizer.context_length)
    tokenizer_json, cleaning, pad_id = _tokenizer(name, tokenizer)
    with torch.no_grad():
        width = model.encode_text(torch.full((1, context), pad_id)).shape[-1]
    manifest = Manifest(
        name=name,
        dimension=int(width),
        max_tokens=context,
        cleaning=cleaning,
        takes_mask=False,
        pad_id=pad_id,
        pad_to=0 if causal else context,
        licence="none: random weights" if pretrained == RANDOM else licence,
        weights_sha256=_digest(model),
    )

    def reference_ids(texts: list[str]) -> list[list[int]]:
        return [_unpadded(row, pad_id) for row in tokenizer(texts).tolist()]

    module = (CausalTower if causal else FixedTower)(model).eval()
    return Tower(module, tokenizer_json, manifest, reference_ids)


def _model(architecture: str, pretrained: str) -> open_clip.CLIP:
    if pretrained == RANDOM:
        with torch.random.fork_rng(devices=[]), quiet():
            torch.manual_seed(0)
            return _without_image_tower(open_clip.create_model(architecture))
    tags = open_clip.list_pretrained_tags_by_model(architecture)
    if pretrained not in tags and not Path(pretrained).is_file():
        raise InvalidChoice(f"pretrained weights of {architecture}", pretrained, [*tags, RANDOM, "a file"])
    # OpenAI's weights were trained with another GELU than the architecture of that name has.
    quick = bool((open_clip.get_pretrained_cfg(architecture, pretrained) or {}).get("quick_gelu"))
    try:
        model = open_clip.create_model(architecture, pretrained=pretrained, force_quick_gelu=quick)
    except Exception as error:  # open_clip and its downloaders raise all kinds
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
        raise ModelError(
            f"the weights of open_clip:{architecture}/{pretrained} cannot be had: {reason} "
            "Connect to the internet once, or give a weights file: open_clip:<architecture>/<file>."
        ) from error
    return _without_image_tower(model)


def _without_image_tower(model: open_clip.CLIP) -> open_clip.CLIP:
    model = model.eval().requires_grad_(False).float()
    model.visual = None
    return model


def _tokenizer(name: str, tokenizer: open_clip.tokenizer.HFTokenizer) -> tuple[str, str, int]:
    """tokenizer.json, the cleaning before it, and the padding id of an open_clip tokenizer."""
    cleaning = tokenizer.clean_fn.__name__.removeprefix("_clean_")
    if isinstance(tokenizer, open_clip.tokenizer.SimpleTokenizer):
        if tokenizer.reduction_fn is not None:
            raise ModelError(f"{name!r} shortens texts at random; such a tokenizer cannot be exported")
        return byte_pair_json(tokenizer), cleaning, 0
    inner = getattr(tokenizer, "tokenizer", None)
    backend = getattr(inner, "backend_tokenizer", None)
    if inner is None or backend is None or tokenizer.tokenizer_mode or tokenizer.strip_sep_token:
        raise ModelError(f"{name!r} has a tokenizer of its own kind; it cannot be exported")
    return backend.to_str(), cleaning, int(inner.pad_token_id or 0)


def byte_pair_json(simple: open_clip.tokenizer.SimpleTokenizer) -> str:
    """open_clip's `SimpleTokenizer` as a tokenizer.json of the `tokenizers` library.

    Its words (letters of any script, single digits, runs of other signs, English contractions), its
    bytes-to-letters table, its merges, and its start and end tokens.
    """
    merges = sorted(simple.bpe_ranks, key=simple.bpe_ranks.__getitem__)
    bpe = models.BPE(vocab=simple.encoder, merges=merges, end_of_word_suffix="</w>", unk_token=None)
    result = Tokenizer(bpe)
    words = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+"
    result.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(words), behavior="removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    start, end = simple.decoder[simple.sot_token_id], simple.decoder[simple.eot_token_id]
    result.add_special_tokens([start, end])
    result.post_processor = processors.TemplateProcessing(
        single=f"{start} $A {end}", special_tokens=[(start, simple.sot_token_id), (end, simple.eot_token_id)]
    )
    result.decoder = decoders.ByteLevel()
    return json.dumps(json.loads(result.to_str()))


def _unpadded(ids: list[int], pad_id: int) -> list[int]:
    while len(ids) > 1 and ids[-1] == pad_id:
        ids = ids[:-1]
    return ids


def _digest(model: torch.nn.Module) -> str:
    sha = hashlib.sha256()
    for name, value in model.state_dict().items():
        sha.update(name.encode())
        sha.update(value.detach().cpu().contiguous().flatten().view(torch.uint8).numpy())
    return sha.hexdigest()
