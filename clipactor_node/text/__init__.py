"""Text encoders: sentences in, unit vectors out. Runs on ONNX Runtime; torch only exports."""

from clipactor_node.text.encoder import Encoder, OnnxEncoder, gpu_available, load_encoder

__all__ = ["Encoder", "OnnxEncoder", "gpu_available", "load_encoder"]
