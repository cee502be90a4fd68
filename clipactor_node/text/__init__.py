"""Text encoders: sentences in, unit vectors out. Runs on ONNX Runtime; torch only exports."""

from clipactor_node.text.encoder import Encoder, OnnxEncoder, gpu_available, load_encoder
from clipactor_node.text.encoder_folder import TOKENIZER, check_all, folder_of, read_manifest, shipped_folder
from clipactor_node.text.fetch import files_of_package
from clipactor_node.text.model_state import ABSENT, DAMAGED, ModelState, model_states, path_of, verify
from clipactor_node.text.registry import Entry, entries
from clipactor_node.text.tokens import Tokens

__all__ = [
    "ABSENT",
    "DAMAGED",
    "TOKENIZER",
    "Encoder",
    "Entry",
    "ModelState",
    "OnnxEncoder",
    "Tokens",
    "check_all",
    "entries",
    "files_of_package",
    "folder_of",
    "gpu_available",
    "load_encoder",
    "model_states",
    "path_of",
    "read_manifest",
    "shipped_folder",
    "verify",
]
