"""Tiny towers of random weights: the real export on models that take a second."""

import json

import pytest


@pytest.fixture(scope="session")
def tiny_sentence_model(tmp_path_factory):
    """A folder like sentence-transformers writes them: a 2-layer BERT, mean pooling, real tokenizer."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    from clipactor_node.text.export import minilm_folder

    folder = tmp_path_factory.mktemp("tiny")
    tokenizer = BertTokenizerFast.from_pretrained(minilm_folder())
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=tokenizer.vocab_size,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
    )
    BertModel(config).save_pretrained(folder / "bert")
    tokenizer.save_pretrained(folder / "bert")
    transformer = Transformer(str(folder / "bert"), max_seq_length=64)
    model = SentenceTransformer(modules=[transformer, Pooling(32, pooling_mode="mean")], device="cpu")
    model.save(str(folder / "whole"))
    return folder / "whole"


@pytest.fixture(scope="session")
def tiny_clip(tmp_path_factory):
    """The name of an open_clip architecture so small that random weights export in seconds."""
    import open_clip

    folder = tmp_path_factory.mktemp("clip")
    text = {"context_length": 77, "vocab_size": 49408, "width": 32, "heads": 4, "layers": 2}
    vision = {"image_size": 32, "layers": 1, "width": 64, "patch_size": 16}
    config = {"embed_dim": 24, "vision_cfg": vision, "text_cfg": text}
    (folder / "tiny-clip.json").write_text(json.dumps(config))
    open_clip.add_model_config(folder / "tiny-clip.json")
    return "tiny-clip"


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty CLIPACTOR_HOME."""
    monkeypatch.setenv("CLIPACTOR_HOME", str(tmp_path / "home"))
    return tmp_path / "home"
