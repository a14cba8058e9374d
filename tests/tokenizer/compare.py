#!/usr/bin/env python3
"""Compares the ids of `erato tokenize` with those of the Python packages tokenizers and sentencepiece, on generated text.

    compare.py ERATO WORK_FOLDER CORPUS.txt [FILE …] [--count N] [--seed S] [--only NAME]
    compare.py --cases tests/data/tokenizer/pipelines.json CORPUS.txt

Each FILE is a tokenizer.json or a SentencePiece .model. Beside them the script trains tokenizers of every kind on CORPUS.
For each it makes a folder with a model of random weights, runs ERATO on N strings with spelt special tokens on and off,
and prints how many ids differ, with the first few texts. Needs numpy, tokenizers, sentencepiece. Exit 1 where any differ.
With --cases it writes a small sample for the tests instead.
"""
import argparse
import base64
import json
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time
import unicodedata

import numpy
import sentencepiece
from tokenizers import (AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors,
                        trainers)

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from make_cases import RANGES, SPACES, WORDS  # noqa: E402

EMOJI = ["\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f44d\U0001f3fd", "\U0001f1e9\U0001f1ea", "\u2764\ufe0f",
         "\U0001f3f4\u200d\u2620\ufe0f", "1\ufe0f\u20e3", "\U0001f600"]
ODD = ["\u0130", "\u1e9e", "\u03a3", "\ufb01", "\u2126", "\u212b", "\uff21\uff22\uff23", "\u3300", "\u0e33", "\u0958",
       "\ufdfa", "\uac00\u11a8", "\u1100\u1161\u11a8", "e\u0301\u0327", "\u0344", "\u200b", "\ufeff", "\u00ad", "\ufffd",
       "\u00b5", "\u017f", "\u0149", "\u1fbe", "\u24b6", "\u2460", "\u00bc", "\u337f", "\u0f77", "\u1d15e", "\u2f800"]
ASSIGNED = [chr(c) for c in range(0x80, 0x30000) if unicodedata.category(chr(c)) not in ("Cn", "Cs", "Co")]


def texts(count, seed, extra):
    rng = random.Random(seed)
    pool = WORDS + list(extra)
    for _ in range(count):
        parts = []
        for _ in range(rng.randint(1, 12)):
            kind = rng.random()
            if kind < 0.35:
                parts.append(rng.choice(pool))
            elif kind < 0.65:
                parts.append(rng.choice(SPACES))
            elif kind < 0.7:
                parts.append(rng.choice(EMOJI))
            elif kind < 0.76:
                parts.append(rng.choice(ODD))
            elif kind < 0.8:
                parts.append("".join(rng.choice(ASSIGNED) for _ in range(rng.randint(1, 3))))
            elif kind < 0.82:
                parts.append(rng.choice("a ?\u0301\u3042\u00e9\u2581") * rng.randint(2, 40))
            elif kind < 0.86:
                parts.append(str(rng.randint(0, 10 ** rng.randint(1, 9))))
            else:
                low, high = rng.choice(RANGES)
                parts.append("".join(chr(rng.randint(low, high)) for _ in range(rng.randint(1, 4))))
        yield "".join(parts)


def write_model(folder, vocabulary):
    """A model of random weights, so that there is something to load."""
    config = {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 32, "intermediate_size": 32,
              "num_hidden_layers": 1, "num_attention_heads": 1, "num_key_value_heads": 1, "head_dim": 32,
              "vocab_size": vocabulary, "max_position_embeddings": 64, "rms_norm_eps": 1e-5, "rope_theta": 10000.0,
              "hidden_act": "silu", "tie_word_embeddings": True, "torch_dtype": "float16"}
    shapes = {"model.embed_tokens.weight": (vocabulary, 32), "model.norm.weight": (32,)}
    layer = "model.layers.0."
    for name in ("input_layernorm", "post_attention_layernorm"):
        shapes[f"{layer}{name}.weight"] = (32,)
    for name in ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj", "mlp.gate_proj",
                 "mlp.up_proj", "mlp.down_proj"):
        shapes[f"{layer}{name}.weight"] = (32, 32)
    header, at, body = {}, 0, []
    for name, shape in shapes.items():
        data = numpy.zeros(shape, dtype="<f2").tobytes()
        header[name] = {"dtype": "F16", "shape": list(shape), "data_offsets": [at, at + len(data)]}
        at += len(data)
        body.append(data)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    (folder / "model.safetensors").write_bytes(len(text).to_bytes(8, "little") + text + b"".join(body))
    (folder / "config.json").write_text(json.dumps(config))


def ask(erato, folder, rows, flags):
    answer = subprocess.run([erato, "tokenize", str(folder), "--lines-json", *flags], check=True,
                            input="\n".join(json.dumps(row) for row in rows) + "\n", capture_output=True, text=True)
    return [json.loads(line) for line in answer.stdout.split("\n")[:-1]]


def compare(name, got, want, rows):
    wrong = [(row, g, w) for row, g, w in zip(rows, got, want, strict=True) if g != w]
    for row, g, w in wrong[:3]:
        print(f"  {name}: {row!r}\n    got  {g}\n    want {w}")
    return len(wrong)


# --- Hugging Face tokenizers -------------------------------------------------------------------------------------------

def trained(corpus, size=800):
    special = [AddedToken(t, special=True, normalized=False) for t in ("[UNK]", "[CLS]", "[SEP]", "<s>", "</s>", "<unk>")]
    extra = [AddedToken("foo bar", normalized=True), AddedToken("don't", single_word=True, normalized=False),
             AddedToken("LEFT", lstrip=True, normalized=False), AddedToken("right", rstrip=True, normalized=True)]

    def make(model, trainer, normalizer=None, pre=None, decoder=None, post=None, added=extra):
        tokenizer = Tokenizer(model)
        if normalizer:
            tokenizer.normalizer = normalizer
        if pre:
            tokenizer.pre_tokenizer = pre
        if decoder:
            tokenizer.decoder = decoder
        tokenizer.train_from_iterator(corpus.splitlines(keepends=True), trainer)
        tokenizer.add_tokens(added)
        if post:
            tokenizer.post_processor = post(tokenizer)
        return tokenizer

    def template(t):
        return processors.TemplateProcessing(single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[
            ("[CLS]", t.token_to_id("[CLS]")), ("[SEP]", t.token_to_id("[SEP]"))])

    N, P = normalizers, pre_tokenizers
    piece = {"vocab_size": size, "special_tokens": special, "show_progress": False}
    bpe = lambda **more: trainers.BpeTrainer(**piece, **more)  # noqa: E731
    uni = lambda: trainers.UnigramTrainer(**piece, unk_token="<unk>")  # noqa: E731
    unigram = models.Unigram
    byte_level = bpe(initial_alphabet=P.ByteLevel.alphabet())
    yield "wordpiece-uncased", make(models.WordPiece(unk_token="[UNK]"), trainers.WordPieceTrainer(**piece),
                                    N.BertNormalizer(), P.BertPreTokenizer(), decoders.WordPiece(), template)
    yield "wordpiece-cased", make(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=20),
                                  trainers.WordPieceTrainer(**piece),
                                  N.BertNormalizer(lowercase=False, strip_accents=False), P.Whitespace(), None, template)
    yield "wordpiece-accents", make(models.WordPiece(unk_token="[UNK]"), trainers.WordPieceTrainer(**piece), N.Sequence(
        [N.NFD(), N.StripAccents(), N.Lowercase(), N.Strip()]), P.Sequence([P.WhitespaceSplit(), P.Punctuation(
            "contiguous"), P.Digits(individual_digits=False)]))
    yield "wordlevel", make(models.WordLevel(unk_token="[UNK]"), trainers.WordLevelTrainer(**piece), N.NFKD(), P.Sequence(
        [P.CharDelimiterSplit("e"), P.Punctuation("merged_with_previous"), P.Split(" ", "merged_with_next")]))
    yield "bpe-bytes-gpt2", make(models.BPE(), byte_level, None, P.ByteLevel(add_prefix_space=False), decoders.ByteLevel())
    yield "bpe-bytes-roberta", make(models.BPE(), byte_level, N.NFC(), P.ByteLevel(add_prefix_space=True),
                                    decoders.ByteLevel(), lambda t: processors.RobertaProcessing(
        ("</s>", t.token_to_id("</s>")), ("<s>", t.token_to_id("<s>"))))
    yield "bpe-bytes-normalizer", make(models.BPE(), byte_level, N.ByteLevel(), P.Whitespace(), decoders.ByteLevel())
    yield "bpe-digits", make(models.BPE(ignore_merges=True), byte_level, N.NFKC(), P.Sequence(
        [P.Digits(individual_digits=True), P.ByteLevel(add_prefix_space=False)]), decoders.ByteLevel())
    yield "bpe-unknown", make(models.BPE(unk_token="<unk>"), bpe(), N.NFKC(), P.Whitespace())
    yield "bpe-fused", make(models.BPE(unk_token="<unk>", fuse_unk=True), bpe(), None, P.Metaspace(), decoders.Metaspace())
    yield "bpe-suffix", make(models.BPE(unk_token="<unk>", end_of_word_suffix="</w>"), bpe(end_of_word_suffix="</w>"),
                             N.Lowercase(), P.WhitespaceSplit(), decoders.BPEDecoder())
    yield "bpe-prefix", make(models.BPE(unk_token="<unk>", continuing_subword_prefix="##"),
                             bpe(continuing_subword_prefix="##"), None, P.BertPreTokenizer())
    yield "bpe-invert", make(models.BPE(unk_token="<unk>"), bpe(), N.Replace(Regex(" {2,}"), " "), P.Sequence(
        [P.Split(Regex(r"\w+"), "removed", invert=True), P.Split("t", "contiguous")]))
    yield "unigram-metaspace", make(unigram(), uni(), N.Sequence([N.NFKC(), N.Replace(Regex(" {2,}"), " ")]),
                                    P.Metaspace(), decoders.Metaspace())
    yield "unigram-first", make(unigram(), uni(), N.Strip(), P.Metaspace(prepend_scheme="first"), decoders.Metaspace())
    yield "unigram-whole", make(unigram(), uni(), N.Prepend("x"), P.Metaspace(prepend_scheme="never", split=False))
    # The models of SentencePiece, as transformers converts them.
    base = make(models.BPE(unk_token="<unk>"), bpe(), None, P.Metaspace(), added=[])
    parts = json.loads(base.to_str())
    vocab = parts["model"]["vocab"]
    for byte in range(256):
        vocab[f"<0x{byte:02X}>"] = len(vocab)
    parts["model"].update(byte_fallback=True, fuse_unk=True)
    parts["pre_tokenizer"] = None
    parts["normalizer"] = {"type": "Sequence", "normalizers": [
        {"type": "Prepend", "prepend": "\u2581"}, {"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"}]}
    parts["decoder"] = {"type": "Sequence", "decoders": [
        {"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"},
        {"type": "Strip", "content": " ", "start": 1, "stop": 0}]}
    llama = Tokenizer.from_str(json.dumps(parts))
    llama.add_tokens(extra)
    yield "bpe-byte-fallback", llama


def check_tokenizer(name, tokenizer, arguments, seed):
    folder = pathlib.Path(arguments.folder) / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    (folder / "tokenizer.json").write_text(tokenizer.to_str())
    ids = tokenizer.get_vocab(with_added_tokens=True).values()
    write_model(folder, max(ids) + 1)
    added = [t.content for t in tokenizer.get_added_tokens_decoder().values()][:40]
    marker = [t for t in added if t[0] in "<[" and t[-1] in ">]"]
    wrong = total = 0
    for flags in ([], ["--special"]):
        # Erato never takes a marker from text that is not trusted, whatever the file calls it.
        pool = (added if flags else []) + ["foo bar", "FOO BAR", "don't", "LEFT", " right  "]
        rows = list(texts(arguments.count, seed + len(flags), pool))
        if not flags:
            rows = [row for row in rows if not any(token in row for token in marker)]
        tokenizer.encode_special_tokens = not flags
        want = [e.ids for e in tokenizer.encode_batch(rows)]
        wrong += compare(name, ask(arguments.erato, folder, rows, flags), want, rows)
        total += len(rows)
    rows = rows[:2000]
    tokenizer.encode_special_tokens = False
    return total, wrong, check_decoding(name, tokenizer, arguments.erato, folder, rows)


def check_decoding(name, tokenizer, erato, folder, rows):
    ids = [e.ids for e in tokenizer.encode_batch(rows)]
    answer = subprocess.run([erato, "detokenize", str(folder), "--lines-json"], check=True, capture_output=True, text=True,
                            input="\n".join(json.dumps(i) for i in ids) + "\n")
    got = [json.loads(line) for line in answer.stdout.split("\n")[:-1]]
    want = [tokenizer.decode(i, skip_special_tokens=False) for i in ids]
    same = [g == w or "\ufffd" in w for g, w in zip(got, want, strict=True)]
    for i, g, w in [(i, g, w) for i, g, w, s in zip(ids, got, want, same) if not s][:2]:
        print(f"  {name} decodes {i}\n    got  {g!r}\n    want {w!r}")
    return same.count(False)


# --- SentencePiece -----------------------------------------------------------------------------------------------------

def trained_sentencepiece(corpus, folder):
    kinds = [{"model_type": kind, "normalization_rule_name": rule, "byte_fallback": fallback, **more}
             for kind in ("bpe", "unigram")
             for rule, fallback, more in [
                 ("nmt_nfkc", False, {}), ("nfkc_cf", True, {}), ("identity", True, {"remove_extra_whitespaces": False}),
                 ("nmt_nfkc", True, {"add_dummy_prefix": False, "user_defined_symbols": ["foo", "\u2581\u2581", "don't"]}),
                 ("nfkc", False, {"treat_whitespace_as_suffix": True}),
                 ("identity", False, {"split_by_whitespace": False, "remove_extra_whitespaces": False})]]
    corpus_file = folder / "corpus.txt"
    corpus_file.write_text(corpus)
    for index, options in enumerate(kinds):
        prefix = folder / f"sp-{index}"
        sentencepiece.SentencePieceTrainer.train(input=str(corpus_file), model_prefix=str(prefix), vocab_size=900,
                                                 hard_vocab_limit=False, minloglevel=2, character_coverage=0.995, **options)
        yield f"sp-{options['model_type']}-{index}", pathlib.Path(f"{prefix}.model")


def check_sentencepiece(name, path, arguments, seed):
    folder = pathlib.Path(arguments.folder) / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy(path, folder / "tokenizer.model")
    processor = sentencepiece.SentencePieceProcessor(model_file=str(path))
    write_model(folder, processor.vocab_size())
    rows = [t.replace("\0", "") for t in texts(arguments.count, seed, ["foo", "don't", "<s>", "<unk>"])]
    want = processor.encode(rows)
    wrong = compare(name, ask(arguments.erato, folder, rows, ["--plain"]), want, rows)
    return len(rows), wrong, 0


# --- the sample ---------------------------------------------------------------------------------------------------------

def byte_offsets(text, encoding):
    at = [0]
    for letter in text:
        at.append(at[-1] + len(letter.encode()))
    return [[at[begin], at[end]] for begin, end in encoding.offsets]


def write_cases(file, corpus_file):
    corpus = pathlib.Path(corpus_file).read_text(encoding="utf-8")
    pipelines, models_ = [], []
    for index, (name, tokenizer) in enumerate(trained(corpus, 400)):
        if name == "bpe-invert":  # \\w of the linear matcher lacks numbers that are no digits, and has the joiners
            continue
        added = [t.content for t in tokenizer.get_added_tokens_decoder().values()]
        rows = list(texts(16, 7000 + index, added + ["FOO BAR", " right  "]))
        case = {"name": name, "tokenizer": json.loads(tokenizer.to_str()), "trusted": []}
        for row in rows:
            encoding = tokenizer.encode(row)
            case["trusted"].append([row, encoding.ids, tokenizer.decode(encoding.ids, skip_special_tokens=False)])
        pairs = [tokenizer.encode("foo the", "it's"), tokenizer.encode(rows[0], rows[1])]
        case["pairs"] = [[a, b, e.ids, e.type_ids] for (a, b), e in zip([("foo the", "it's"), rows[:2]], pairs)]
        if name == "wordpiece-cased":
            case["offsets"] = [[row, byte_offsets(row, tokenizer.encode(row))] for row in rows]
        pipelines.append(case)
    rules = "\n".join(["41\t61", "42\t62 62", "E9\t65", "3000\t20", "FB01\t66 69", "31 2044 32\tBD", "A0\t20"])
    with tempfile.TemporaryDirectory() as folder:
        rule_file, corpus_copy = pathlib.Path(folder, "rules.tsv"), pathlib.Path(folder, "corpus.txt")
        rule_file.write_text(rules + "\n")
        corpus_copy.write_text(corpus)
        for kind, options in [("bpe", {"byte_fallback": True}), ("unigram", {"remove_extra_whitespaces": False}),
                              ("unigram", {"byte_fallback": True, "user_defined_symbols": ["foo", "\u2581\u2581"]}),
                              ("bpe", {"treat_whitespace_as_suffix": True, "user_defined_symbols": ["don't"]})]:
            prefix = pathlib.Path(folder, "sp")
            sentencepiece.SentencePieceTrainer.train(
                input=str(corpus_copy), model_prefix=str(prefix), model_type=kind, vocab_size=500, hard_vocab_limit=False,
                normalization_rule_tsv=str(rule_file), minloglevel=2, character_coverage=0.99, **options)
            data = pathlib.Path(f"{prefix}.model").read_bytes()
            processor = sentencepiece.SentencePieceProcessor(model_proto=data)
            rows = [t.replace("\0", "") for t in texts(30, 8000 + len(models_), ["foo", "ABBA", "1\u20442", "\ufb01"])]
            models_.append({"model": base64.b64encode(data).decode(), "plain": [[row, processor.encode(row)] for row in rows]})
    text = json.dumps({"pipelines": pipelines, "models": models_}, ensure_ascii=True, separators=(",", ":"))
    pathlib.Path(file).write_text(text + "\n", encoding="ascii")
    return 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", nargs=2, metavar=("FILE", "CORPUS"))
    parser.add_argument("erato", nargs="?")
    parser.add_argument("folder", nargs="?")
    parser.add_argument("corpus", nargs="?")
    parser.add_argument("files", nargs="*")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    if arguments.cases:
        return write_cases(*arguments.cases)
    work = pathlib.Path(arguments.folder)
    work.mkdir(parents=True, exist_ok=True)
    corpus = pathlib.Path(arguments.corpus).read_text(encoding="utf-8")
    subjects = [(name, check_tokenizer, tokenizer) for name, tokenizer in trained(corpus)]
    subjects += [(name, check_sentencepiece, path) for name, path in trained_sentencepiece(corpus, work)]
    for file in map(pathlib.Path, arguments.files):
        if file.suffix == ".model":
            subjects.append((f"file-{file.stem}", check_sentencepiece, file))
        else:
            subjects.append((f"file-{file.parent.name}", check_tokenizer, Tokenizer.from_file(str(file))))
    texts_done = texts_wrong = 0
    for index, (name, check, subject) in enumerate(subjects):
        if arguments.only not in name:
            continue
        begin = time.time()
        total, wrong, decoded_wrong = check(name, subject, arguments, arguments.seed * 1000 + index * 2)
        texts_done += total
        texts_wrong += wrong
        print(f"{name:24} {total:8} texts, {wrong} differ; {decoded_wrong} decodings differ"
              f" ({time.time() - begin:.0f} s)", flush=True)
    print(f"{'all':24} {texts_done:8} texts, {texts_wrong} differ")
    return texts_wrong > 0


if __name__ == "__main__":
    sys.exit(main())
