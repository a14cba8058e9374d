#!/usr/bin/env python3
"""Tiny decoders that make vectors or labels, with the answers of the reference implementation.

    pip install torch transformers safetensors
    python3 make_embedders.py [--seed 1] OUT

OUT/gemma3-embedder: without a mask, mean pooling, two dense layers, normalised, as EmbeddingGemma in the layout of
sentence-transformers. OUT/qwen3-classifier: three labels from the last row. golden.safetensors: input_ids[3, 24]
(padded), lengths[3], and embedding[3, 32] or logits[3, 3].
"""
import argparse
import json
import pathlib

import torch
import transformers as T
from safetensors.torch import save_file

VOCABULARY, WIDTH, LENGTHS = 64, 32, (24, 17, 9)


def randomise(model, generator):
    """Not small, so that every tensor counts."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            parameter.copy_(0.3 * noise if "norm" in name else noise * 1.3 / parameter.shape[-1] ** 0.5)
    return model.eval()


def sequences(generator):
    return [torch.randint(1, VOCABULARY, (1, n), generator=generator) for n in LENGTHS]


def save_golden(folder, ids, **values):
    padded = torch.zeros(len(ids), max(LENGTHS), dtype=torch.int64)
    for row, one in zip(padded, ids):
        row[: one.shape[1]] = one[0]
    save_file({"input_ids": padded, "lengths": torch.tensor(LENGTHS), **values}, folder / "golden.safetensors")


def embedder(folder, generator):
    config = T.Gemma3TextConfig(
        vocab_size=VOCABULARY, hidden_size=WIDTH, num_hidden_layers=3, num_attention_heads=4, num_key_value_heads=2,
        head_dim=16, intermediate_size=48, max_position_embeddings=64, sliding_window=8, query_pre_attn_scalar=24,
        layer_types=["sliding_attention", "full_attention", "sliding_attention"], use_bidirectional_attention=True,
        attn_implementation="eager", rope_parameters=dict(full_attention=dict(rope_type="default", rope_theta=1000000.0),
                             sliding_attention=dict(rope_type="default", rope_theta=10000.0)))
    model = randomise(T.Gemma3TextModel(config), generator)
    model.save_pretrained(folder)
    layers = []
    for number, (into, out) in ((2, (WIDTH, 48)), (3, (48, WIDTH))):
        weight = torch.randn(out, into, generator=generator) / into**0.5
        layers.append(weight)
        path = folder / f"{number}_Dense"
        path.mkdir(exist_ok=True)
        (path / "config.json").write_text(json.dumps(
            {"in_features": into, "out_features": out, "bias": False,
             "activation_function": "torch.nn.modules.linear.Identity" if number == 2 else "torch.nn.modules.activation.Tanh"}))
        save_file({"linear.weight": weight}, path / "model.safetensors")
    (folder / "1_Pooling").mkdir(exist_ok=True)
    (folder / "1_Pooling/config.json").write_text(json.dumps({"word_embedding_dimension": WIDTH, "pooling_mode_mean_tokens": True}))
    names = ("Transformer", "Pooling", "Dense", "Dense", "Normalize")
    paths = ("", "1_Pooling", "2_Dense", "3_Dense", "4_Normalize")
    (folder / "modules.json").write_text(json.dumps(
        [{"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{name}"}
         for i, (name, path) in enumerate(zip(names, paths))]))
    ids = sequences(generator)
    with torch.no_grad():
        pooled = torch.cat([model(input_ids=one).last_hidden_state.mean(1) for one in ids])
        vectors = torch.tanh(pooled @ layers[0].T @ layers[1].T)
    save_golden(folder, ids, embedding=torch.nn.functional.normalize(vectors, dim=1))


def classifier(folder, generator):
    config = T.Qwen3Config(
        vocab_size=VOCABULARY, hidden_size=WIDTH, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
        head_dim=16, intermediate_size=48, max_position_embeddings=64, num_labels=3, pad_token_id=0,
        rope_parameters=dict(rope_type="default", rope_theta=10000.0))
    model = randomise(T.Qwen3ForSequenceClassification(config), generator)
    model.save_pretrained(folder)
    ids = sequences(generator)
    with torch.no_grad():
        save_golden(folder, ids, logits=torch.cat([model(input_ids=one).logits for one in ids]))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("out", type=pathlib.Path)
    arguments = parser.parse_args()
    generator = torch.Generator().manual_seed(arguments.seed)
    for name, make in (("gemma3-embedder", embedder), ("qwen3-classifier", classifier)):
        folder = arguments.out / name
        folder.mkdir(parents=True, exist_ok=True)
        make(folder, generator)


if __name__ == "__main__":
    main()
