#!/usr/bin/env python3
"""Texts to vectors with MiniLM, by Erato and by its peers, over the same input.

    tests/bench/embed.py WHO WHAT [--threads 2] [--reps 15] [--batch 8] [--library build/lib/liberato.so] [--onnx FOLDER]

WHO: erato-f32, erato-bf16, erato-int8, openvino-f32, openvino-bf16, onnx-f32, onnx-int8, sentence-transformers.
WHAT: 8x128 or any TEXTSxTOKENS (ids, drawn once), texts (32 documents of 5 to 256 tokens, tokenising included), sentence
(one short text, as latency_us). Prints one JSON object a repetition: {"embed": tokens/s} or {"latency_us": …}; with
--compare the worst cosine to the float32 vectors of sentence-transformers. FOLDER holds the exported f32.onnx and
int8.onnx. Peers pad to the longest of a batch: documents sorted by length, 8 at a time, which is the fastest way for each
of them; --batch 32 is all of them in one.
"""
import argparse
import ctypes
import json
import pathlib
import sys
import time

import numpy as np

HERE = pathlib.Path(__file__).resolve().parents[2]
MODEL = pathlib.Path.home() / ".cache/erato/models/minilm"


def documents():
    """Words of our own pages, cut so that lengths go evenly from about 5 to 256 tokens."""
    words = " ".join((HERE / page).read_text() for page in ("README.md", "CONTRIBUTING.md", "core/README.md")).split()
    from tokenizers import Tokenizer
    tokenizer = Tokenizer.from_file(str(MODEL / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    texts, at = [], 0
    for i in range(32):
        goal, end = 5 + i * 251 // 31, at + 1
        while len(tokenizer.encode(" ".join(words[at:end + 1])).ids) <= goal:
            end += 1
        texts.append(" ".join(words[at:end]))
        at = end if end < len(words) - 300 else 0
    order = np.random.default_rng(0).permutation(32)
    return [texts[i] for i in order], sum(len(tokenizer.encode(text).ids) for text in texts)


class Erato:
    def __init__(self, precision, options):
        self.lib = lib = ctypes.CDLL(options.library)
        made, self.model = ctypes.c_void_p(), ctypes.c_void_p()
        self.check(lib.erato_options_create(1, ctypes.byref(made), None))
        for name, value in (("weights", precision), ("threads", str(options.threads))):
            name, value = name.encode(), value.encode()
            self.check(lib.erato_options_set_by_name(made, name, ctypes.c_size_t(len(name)), value,
                                                     ctypes.c_size_t(len(value)), None))
        self.check(lib.erato_model_load(str(MODEL).encode(), made, ctypes.byref(self.model), None))

    def check(self, status):
        if status != 0:
            sys.exit(f"embed.py: erato_status {status}")

    def ids(self, ids):
        flat = np.ascontiguousarray(ids, np.int32)
        counts = np.full(len(ids), ids.shape[1], np.uint64)
        out = np.empty((len(ids), 384), np.float32)
        self.check(self.lib.erato_model_embed_ids(self.model, flat.ctypes.data_as(ctypes.c_void_p),
                                                  counts.ctypes.data_as(ctypes.c_void_p), ctypes.c_size_t(len(ids)), None,
                                                  out.ctypes.data_as(ctypes.c_void_p), ctypes.c_size_t(out.size), None))
        return out

    def texts(self, texts):
        raw = [text.encode() for text in texts]
        out = np.empty((len(raw), 384), np.float32)
        self.check(self.lib.erato_model_embed(self.model, (ctypes.c_char_p * len(raw))(*raw),
                                              (ctypes.c_size_t * len(raw))(*map(len, raw)), ctypes.c_size_t(len(raw)), None,
                                              out.ctypes.data_as(ctypes.c_void_p), ctypes.c_size_t(out.size), None))
        return out


class Padded:
    """A peer whose `hidden(feed)` gives the last layer for a rectangle of ids."""

    def __init__(self):
        from tokenizers import Tokenizer
        self.tokenizer = Tokenizer.from_file(str(MODEL / "tokenizer.json"))
        self.tokenizer.enable_truncation(256)
        self.tokenizer.enable_padding()

    def ids(self, ids, mask=None):
        mask = np.ones_like(ids) if mask is None else mask
        hidden = self.hidden({"input_ids": ids.astype(np.int64), "attention_mask": mask.astype(np.int64)})
        vectors = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    batch = 8

    def texts(self, texts):
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        out = np.empty((len(texts), 384), np.float32)
        for begin in range(0, len(order), self.batch):
            batch = order[begin:begin + self.batch]
            encoded = self.tokenizer.encode_batch([texts[i] for i in batch])
            out[batch] = self.ids(np.array([e.ids for e in encoded]), np.array([e.attention_mask for e in encoded]))
        return out


class OpenVino(Padded):
    def __init__(self, precision, options):
        super().__init__()
        import openvino
        core = openvino.Core()
        self.request = core.compile_model(core.read_model(f"{options.onnx}/f32.onnx"), "CPU", {
            "INFERENCE_NUM_THREADS": options.threads, "INFERENCE_PRECISION_HINT": precision,
            "PERFORMANCE_HINT": "LATENCY"}).create_infer_request()

    def hidden(self, feed):
        return self.request.infer(feed)[0]


class Onnx(Padded):
    def __init__(self, precision, options):
        super().__init__()
        import onnxruntime
        settings = onnxruntime.SessionOptions()
        settings.intra_op_num_threads, settings.inter_op_num_threads = options.threads, 1
        self.session = onnxruntime.InferenceSession(f"{options.onnx}/{precision}.onnx", settings, providers=["CPUExecutionProvider"])

    def hidden(self, feed):
        return self.session.run(None, feed)[0]


class SentenceTransformers:
    batch = 8

    def __init__(self, _, options):
        import sentence_transformers
        import torch
        torch.set_num_threads(options.threads)
        self.model = sentence_transformers.SentenceTransformer(str(MODEL), device="cpu")

    def texts(self, texts):
        return self.model.encode(texts, batch_size=self.batch, normalize_embeddings=True)


WHO = {"erato": Erato, "openvino": OpenVino, "onnx": Onnx, "sentence": SentenceTransformers}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("who")
    parser.add_argument("what")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--reps", type=int, default=15)
    parser.add_argument("--library", default=str(HERE / "build/lib/liberato.so"))
    parser.add_argument("--onnx")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--compare", action="store_true")
    options = parser.parse_args()
    name, _, precision = options.who.partition("-")
    peer = WHO[name](precision, options)
    peer.batch = options.batch
    if options.what == "texts":
        texts, tokens = documents()
        work = lambda: peer.texts(texts)
    elif options.what == "sentence":
        texts, tokens = ["How do I renew my passport?"], None
        work = lambda: peer.texts(texts)
    else:
        batch, length = map(int, options.what.split("x"))
        ids, tokens = np.random.default_rng(0).integers(1000, 20000, (batch, length)), batch * length
        work = lambda: peer.ids(ids)
    if options.compare:
        exact = SentenceTransformers(None, options).texts(texts)
        print(json.dumps({"worst_cosine": float((exact * work()).sum(1).min())}))
        return
    for i in range(options.reps + 3):
        begin = time.perf_counter()
        work()
        seconds = time.perf_counter() - begin
        if i >= 3:
            print(json.dumps({"latency_us": round(seconds * 1e6, 1)} if tokens is None else {"embed": round(tokens / seconds, 1)}))


main()
