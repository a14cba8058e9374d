"""Tokenizers that come in files: what makes of each an oracle, and a folder that Erato reads.

  tokenizer.json     Hugging Face tokenizers
  *.model            SentencePiece; or a list of ranks (Llama 3 and 4)
  *.tiktoken         tiktoken, with the pattern that PATTERNS has for its name
  tekken*.json       Mistral's list of ranks
  *.gguf             rebuilt: byte-level BPE as one of Hugging Face's, SentencePiece BPE as SentencePiece's
  bpe_simple_vocab*  CLIP's merges
"""
import base64
import gzip
import json
import pathlib
import struct

import sentencepiece
import tiktoken
from sentencepiece import sentencepiece_model_pb2
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
CL100K = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
          r"|\s*[\r\n]+|\s+(?!\S)|\s+")
O200K = "|".join([r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
                  r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
                  r"\p{N}{1,3}", r" ?[^\s\p{L}\p{N}]+[\r\n/]*", r"\s*[\r\n]+", r"\s+(?!\S)", r"\s+"])
PATTERNS = {"llama3": CL100K, "llama4": O200K, "qwen": CL100K.replace("{1,3}", ""), "gpt2": GPT2, "multilingual": GPT2}


def bytes_to_letters():
    keep = [*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    letters, extra = {b: chr(b) for b in keep}, 256
    for b in range(256):
        if b not in letters:
            letters[b] = chr(extra)
            extra += 1
    return letters


LETTERS = bytes_to_letters()


def spell(data):
    return "".join(LETTERS[b] for b in data)


def merges_of(ranks):
    """Every pair of tokens that makes a token up, in the order of what they make: tiktoken merges by that rank alone."""
    merges = []
    for token, _ in sorted(ranks.items(), key=lambda item: item[1]):
        splits = [(token[:i], token[i:]) for i in range(1, len(token)) if token[:i] in ranks and token[i:] in ranks]
        splits.sort(key=lambda split: (ranks[split[0]], ranks[split[1]]))
        merges += [(spell(left), spell(right)) for left, right in splits]
    return merges


def byte_bpe(vocab, merges, pattern, ignore_merges=False, special=(), digits=False):
    tokenizer = Tokenizer(models.BPE(vocab=vocab, merges=merges, ignore_merges=ignore_merges))
    steps = [pre_tokenizers.Digits(individual_digits=True)] if digits else []
    steps += [pre_tokenizers.Split(Regex(pattern), "isolated"), pre_tokenizers.ByteLevel(False, use_regex=False)]
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(steps)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(s, special=True, normalized=False) for s in special])
    return tokenizer


class Ranks:
    """tiktoken itself; the file for Erato is a tokenizer.json with the same merges."""

    def __init__(self, name, ranks, pattern):
        self.encoding = tiktoken.Encoding(name, pat_str=pattern, mergeable_ranks=ranks, special_tokens={})
        vocab = {spell(token): rank for token, rank in ranks.items()}
        self.json = byte_bpe(vocab, merges_of(ranks), pattern, ignore_merges=True).to_str()

    def encode(self, rows):
        return [{"ids": ids} for ids in self.encoding.encode_ordinary_batch(rows)]

    def decode(self, ids):
        return self.encoding.decode(ids)


def read_ranks(path):
    lines = path.read_bytes().splitlines()
    return {base64.b64decode(token): int(rank) for token, rank in (line.split() for line in lines if line)}


def read_tekken(path):
    tekken = json.loads(path.read_text(encoding="utf-8"))
    config = tekken["config"]
    inner = config["default_vocab_size"] - config["default_num_special_tokens"]
    ranks = {base64.b64decode(entry["token_bytes"]): entry["rank"] for entry in tekken["vocab"][:inner]}
    return ranks, config["pattern"]


def read_clip(path):
    lines = gzip.open(path).read().decode("utf-8").split("\n")
    merges = [tuple(line.split()) for line in lines[1:49152 - 256 - 2 + 1]]
    letters = list(LETTERS.values())
    pieces = letters + [letter + "</w>" for letter in letters] + ["".join(merge) for merge in merges]
    pieces += ["<|startoftext|>", "<|endoftext|>"]
    tokenizer = Tokenizer(models.BPE(vocab={piece: i for i, piece in enumerate(pieces)}, merges=merges,
                                     end_of_word_suffix="</w>", unk_token="<|endoftext|>"))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "),
                                                 normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"), "removed", invert=True),
        pre_tokenizers.ByteLevel(add_prefix_space=False)])
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(s, special=True, normalized=False) for s in ("<|startoftext|>", "<|endoftext|>")])
    tokenizer.post_processor = processors.RobertaProcessing(("<|endoftext|>", len(pieces) - 1), ("<|startoftext|>", len(pieces) - 2),
                                                            add_prefix_space=False, trim_offsets=False)
    return tokenizer


# --- GGUF --------------------------------------------------------------------------------------------------------------

def read_gguf(path):
    """The metadata of a file, arrays as lists."""
    data = memoryview(pathlib.Path(path).read_bytes())
    at = 8
    kinds = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}

    def number(form):
        nonlocal at
        value, = struct.unpack_from("<" + form, data, at)
        at += struct.calcsize(form)
        return value

    def text():
        nonlocal at
        size = number("Q")
        at += size
        return bytes(data[at - size:at]).decode("utf-8")

    def value(kind):
        if kind == 8:
            return text()
        if kind != 9:
            return number(kinds[kind])
        inner, size = number("I"), number("Q")
        return [value(inner) for _ in range(size)]

    number("Q")  # tensors
    pairs = [(text(), value(number("I"))) for _ in range(number("Q"))]
    return dict(pairs)


def gguf_oracle(path):
    keys = {key.removeprefix("tokenizer.ggml."): value for key, value in read_gguf(path).items()}
    tokens, types = keys["tokens"], keys["token_type"]
    if keys["model"] == "gpt2":
        special = [token for token, kind in zip(tokens, types) if kind == 3]
        vocab = {token: i for i, token in enumerate(tokens)}
        merges = [tuple(merge.split(" ")) for merge in keys["merges"]]
        return byte_bpe(vocab, merges, GPT2, special=special, digits=keys["pre"] == "smollm")
    proto = sentencepiece_model_pb2.ModelProto()
    for token, score, kind in zip(tokens, keys["scores"], types):
        text = token.replace(" ", "\u2581") if kind == 4 else token  # the converter writes runs of spaces as such
        proto.pieces.add(piece=text, score=score, type=kind)
    proto.pieces[keys["unknown_token_id"]].type = 2
    proto.trainer_spec.model_type = 2
    proto.trainer_spec.byte_fallback = True
    proto.trainer_spec.unk_id = keys["unknown_token_id"]
    proto.trainer_spec.bos_id, proto.trainer_spec.eos_id = keys["bos_token_id"], keys["eos_token_id"]
    proto.trainer_spec.pad_id = keys["padding_token_id"]
    proto.trainer_spec.pad_piece = tokens[keys["padding_token_id"]]
    proto.normalizer_spec.add_dummy_prefix = bool(keys.get("add_space_prefix", True))
    proto.normalizer_spec.remove_extra_whitespaces = False
    proto.normalizer_spec.name = "identity"
    return sentencepiece.SentencePieceProcessor(model_proto=proto.SerializeToString())


def open_published(path):
    """(name, oracle): a Tokenizer, a SentencePieceProcessor, or Ranks."""
    path = pathlib.Path(path)
    name = f"{path.parent.name}-{path.name}"
    if path.suffix == ".gguf":
        return name, gguf_oracle(path)
    if path.name.startswith("tekken"):
        return name, Ranks(name, *read_tekken(path))
    if path.suffix == ".json":
        return name, Tokenizer.from_file(str(path))
    if path.name.startswith("bpe_simple_vocab"):
        return name, read_clip(path)
    data = path.read_bytes()
    if path.suffix == ".tiktoken" or data[:8].isascii() and b" 0\n" in data[:64]:
        return name, Ranks(name, read_ranks(path), next(PATTERNS[key] for key in PATTERNS if key in str(path)))
    return name, sentencepiece.SentencePieceProcessor(model_proto=data)
