"""Golden blocks of every weight format: random bytes and what the reference decodes them to.

Needs the Python packages gguf and numpy; run by hand: make_blocks.py [SEED] [BLOCKS] > blocks.safetensors
"""
import json
import struct
import sys

import numpy
from gguf import GGMLQuantizationType, quants

# Format -> bytes a block, byte offsets of its f16 fields (made finite here).
FORMATS = {
    "F16": (2, [0]), "BF16": (2, []), "Q4_0": (18, [0]), "Q4_1": (20, [0, 2]), "Q5_0": (22, [0]), "Q5_1": (24, [0, 2]),
    "Q8_0": (34, [0]), "Q2_K": (84, [80, 82]), "Q3_K": (110, [108]), "Q4_K": (144, [0, 2]), "Q5_K": (176, [0, 2]),
    "Q6_K": (210, [208]), "IQ4_NL": (18, [0]), "MXFP4": (17, []),
}


def make(name, count, random):
    size, halves = FORMATS[name]
    blocks = random.integers(0, 256, (count, size), dtype=numpy.uint8)
    for at in halves:
        blocks[:, at + 1] &= 0xBB  # exponent below 31: neither infinity nor NaN
    if name == "MXFP4":
        blocks[:, 0] = numpy.arange(count) * 254 // (count - 1)  # 255 is NaN
    if name == "BF16":
        blocks[:, 1] &= 0xBF
    values = quants.dequantize(blocks, GGMLQuantizationType[name]).astype(numpy.float32)
    return blocks, values


def main():
    random = numpy.random.default_rng(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
    blocks_each = int(sys.argv[2]) if len(sys.argv) > 2 else 4
    header, data = {}, b""
    for name, (size, _) in FORMATS.items():
        count = blocks_each * (8 if size <= 34 else 1)
        for kind, array in zip(("blocks", "values"), make(name, count, random)):
            dtype = "U8" if kind == "blocks" else "F32"
            raw = array.tobytes()
            header[f"{name.lower()}.{kind}"] = {
                "dtype": dtype, "shape": list(array.shape), "data_offsets": [len(data), len(data) + len(raw)]}
            data += raw
    text = json.dumps(header).encode()
    sys.stdout.buffer.write(struct.pack("<Q", len(text)) + text + data)


main()
