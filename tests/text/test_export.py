"""Export to ONNX: what the graph says is what torch says, token for token and vector for vector."""

import numpy as np
import pytest

from clipactor_node.errors import InvalidChoice, ModelError
from clipactor_node.text import export, load_encoder
from clipactor_node.text.encoder_folder import TOKENIZER, check_all, folder_of
from clipactor_node.text.tokens import Tokens

SOME = export.SENTENCES[::10]


@pytest.fixture(scope="module")
def exported(tiny_sentence_model, tiny_clip, tmp_path_factory):
    """Both kinds of tower, exported into a home of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CLIPACTOR_HOME", str(tmp_path_factory.mktemp("home")))
        towers = {}
        for name in (f"sentence:{tiny_sentence_model}", f"open_clip:{tiny_clip}/random"):
            with export.find_tower(name) as tower:
                export.export(tower, progress=lambda line: None, fp16=True)
                towers[name.partition(":")[0]] = tower
        yield towers


KINDS = pytest.mark.parametrize("kind", ["sentence", "open_clip"])


@KINDS
def test_every_precision_is_written_and_whole(exported, kind):
    manifest = check_all(exported[kind].manifest.name)
    assert manifest.precisions == ("fp32", "int8", "fp16")


@KINDS
@pytest.mark.parametrize(("precision", "least"), [("fp32", 0.99999), ("int8", 0.97), ("fp16", 0.9999)])
def test_the_graph_agrees_with_torch(exported, kind, precision, least):
    tower = exported[kind]
    reference = export.TorchEncoder(tower).encode(SOME)
    found = export.parity(reference, load_encoder(tower.manifest.name, precision), SOME)
    assert found.sentences == len(SOME)
    assert least < found.cosine_min <= found.cosine_mean < 1.0001


@KINDS
@pytest.mark.parametrize("text", export.HARD_CASES, ids=lambda text: ascii(text[:20]))
def test_tokens_equal_those_of_the_reference_tokenizer(exported, kind, text):
    manifest = exported[kind].manifest
    tokens = Tokens(folder_of(manifest.name) / TOKENIZER, manifest.max_tokens, manifest.cleaning)
    assert [ids.tolist() for ids in tokens.encode([text])] == exported[kind].reference_ids([text])


@KINDS
def test_any_batch_and_any_length_fit(exported, kind):
    encoder = load_encoder(exported[kind].manifest.name)
    for batch in (1, 2, 33):
        texts = ["walk " * (1 + 7 * i % 90) for i in range(batch)]
        vectors = encoder.encode(texts)
        assert vectors.shape == (batch, encoder.dimension)
        np.testing.assert_allclose(vectors[-1], encoder.encode(texts[-1:])[0], atol=1e-5)


def test_the_parity_report_notices_a_different_encoder(exported):
    tower = exported["sentence"]
    reference = export.TorchEncoder(tower).encode(SOME)
    found = export.parity(np.roll(reference, 1, axis=0), load_encoder(tower.manifest.name), SOME)
    assert found.cosine_min < 0.999
    assert found.top1_changed > 0.5


def test_there_are_a_thousand_sentences():
    assert len(set(export.SENTENCES)) == 1000


def test_weights_of_another_hash_are_not_used(tiny_sentence_model):
    with pytest.raises(ModelError, match="expected 0000"):
        export.sentence_tower("tiny", tiny_sentence_model, weights_sha256="0000")


@pytest.mark.parametrize(
    ("name", "choices"),
    [
        ("nonsense", "minilm, mpnet, clip"),
        ("open_clip:NoSuchArchitecture/openai", "ViT-B-32"),
        ("open_clip:ViT-B-32/no-such-tag", "openai"),
    ],
)
def test_an_unknown_name_lists_the_choices(name, choices):
    with pytest.raises(InvalidChoice, match=choices), export.find_tower(name):
        pass


def test_a_sentence_model_that_is_nowhere_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelError, match="cannot be had"), export.find_tower(f"sentence:{tmp_path}/nothing"):
        pass


def test_minilm_is_the_model_of_the_registry():
    with export.find_tower("minilm") as tower:
        assert tower.manifest.dimension == 384
        assert tower.manifest.licence == "Apache-2.0"
