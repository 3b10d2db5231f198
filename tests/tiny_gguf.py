"""Write a GGUF file of a few kilobytes that the engine loads: a language model of one layer that knows nothing.

The format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

from __future__ import annotations

import random
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

WIDTH = 32
ALIGNMENT = 32
UINT32, INT32, FLOAT32, STRING, ARRAY = 4, 5, 6, 8, 9
CONTROL, NORMAL, BYTE = 3, 1, 6


def write(path: Path) -> Path:
    """Write the model and return `path`."""
    tokens = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256)), "▁"]
    kinds = [2, CONTROL, CONTROL, *[BYTE] * 256, NORMAL]
    vocabulary = len(tokens)
    metadata = [
        _text("general.architecture", "llama"),
        _number("llama.context_length", 512),
        _number("llama.embedding_length", WIDTH),
        _number("llama.block_count", 1),
        _number("llama.feed_forward_length", WIDTH),
        _number("llama.attention.head_count", 1),
        _key("llama.attention.layer_norm_rms_epsilon", FLOAT32) + struct.pack("<f", 1e-5),
        _text("tokenizer.ggml.model", "llama"),
        _array("tokenizer.ggml.tokens", STRING, b"".join(_string(token) for token in tokens), vocabulary),
        _array("tokenizer.ggml.scores", FLOAT32, struct.pack(f"<{vocabulary}f", *[0.0] * vocabulary), vocabulary),
        _array("tokenizer.ggml.token_type", INT32, struct.pack(f"<{vocabulary}i", *kinds), vocabulary),
        _number("tokenizer.ggml.bos_token_id", 1),
        _number("tokenizer.ggml.eos_token_id", 2),
    ]
    square, row = (WIDTH, WIDTH), (WIDTH,)
    shapes: dict[str, tuple[int, ...]] = {
        "token_embd.weight": (WIDTH, vocabulary),
        "output.weight": (WIDTH, vocabulary),
        "output_norm.weight": row,
        "blk.0.attn_norm.weight": row,
        "blk.0.ffn_norm.weight": row,
        **{f"blk.0.{name}.weight": square for name in ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")},
    }
    header, data = b"", b""
    source = random.Random(0)  # noqa: S311  numbers for weights, not for secrets
    for name, shape in shapes.items():
        header += _string(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, 0, len(data))
        count = WIDTH * (shape[1] if len(shape) > 1 else 1)
        data += _padded(struct.pack(f"<{count}f", *(source.gauss(0, 0.3) for _ in range(count))))
    start = b"GGUF" + struct.pack("<IQQ", 3, len(shapes), len(metadata)) + b"".join(metadata) + header
    path.write_bytes(_padded(start) + data)
    return path


def _padded(content: bytes) -> bytes:
    return content + b"\0" * (-len(content) % ALIGNMENT)


def _string(text: str) -> bytes:
    content = text.encode()
    return struct.pack("<Q", len(content)) + content


def _key(name: str, kind: int) -> bytes:
    return _string(name) + struct.pack("<I", kind)


def _text(name: str, value: str) -> bytes:
    return _key(name, STRING) + _string(value)


def _number(name: str, value: int) -> bytes:
    return _key(name, UINT32) + struct.pack("<I", value)


def _array(name: str, kind: int, content: bytes, count: int) -> bytes:
    return _key(name, ARRAY) + struct.pack("<IQ", kind, count) + content
