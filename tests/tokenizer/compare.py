#!/usr/bin/env python3
"""Compares Erato's tokenizers with the Python packages tokenizers, sentencepiece and tiktoken, on generated text.

    compare.py ENCODE_LINES WORK_FOLDER CORPUS.txt [FILE …] [--count N] [--seed S] [--only NAME]
    compare.py --cases tests/data/tokenizer/pipelines.json CORPUS.txt

Each FILE is one that published.py reads. Beside them the script trains tokenizers of every kind on CORPUS. For each it lays
out a folder, runs ENCODE_LINES (encode_lines.cc) on N strings with spelt special tokens off and, where the oracle has the
difference, on N with them on, and compares ids, ids with what is put around a text, pairs, offsets and what ids decode to.
It prints how many differ, with the first few. Exit 1 where any differ.
With --cases it writes a small sample for the tests instead. RESULTS.md beside it has the runs.
"""
import argparse
import base64
import json
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unicodedata

import sentencepiece
from tokenizers import (AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors,
                        trainers)

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from generated_text import texts  # noqa: E402
from published import Ranks, open_published  # noqa: E402


# --- Hugging Face tokenizers -------------------------------------------------------------------------------------------

def trained(corpus, size=8000):
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
        sentencepiece.SentencePieceTrainer.train(input=str(corpus_file), model_prefix=str(prefix), vocab_size=8000,
                                                 hard_vocab_limit=False, minloglevel=2, character_coverage=0.995, **options)
        yield f"sp-{options['model_type']}-{index}", pathlib.Path(f"{prefix}.model")


# --- oracles ----------------------------------------------------------------------------------------------------------

def byte_offsets(text, offsets):
    at = [0]
    for letter in text:
        at.append(at[-1] + len(letter.encode()))
    return [[at[begin], at[end]] for begin, end in offsets]


def same_offsets(text, got, want, added):
    """Erato's ranges are bytes and say all that a token stands for. The package's are letters: of one that became several
    tokens each has the whole; of several that a normaliser made one it has the first or the last; and what is put in front of
    a text has the text's first letter. Spaces between two added tokens that both take them are the first one's here and the
    second one's there."""
    data = text.encode()

    def letters(begin, end):
        while begin > 0 and data[begin] & 0xC0 == 0x80:
            begin -= 1
        while end < len(data) and data[end] & 0xC0 == 0x80:
            end += 1
        return begin, end

    for (begin, end), (first, last) in zip(got, want, strict=True):
        low, high = letters(begin, end)
        if begin == end or (low, high) == (first, last):
            continue
        if data[low:high].decode().strip() == data[first:last].decode().strip() in added:
            continue
        if not (low <= first and last <= high):
            return False
        part, extra = data[low:high].decode(), (data[low:first] + data[last:high]).decode()
        if not extra.isspace() and all(unicodedata.normalize(form, part) == part for form in ("NFC", "NFKC", "NFKD")):
            return False
    return True


def untrimmed(tokenizer):
    """Erato's offsets say which bytes a token stands for; trim_offsets leaves the spaces of words out."""
    parts = json.loads(tokenizer.to_str())
    todo = [parts]
    while todo:
        part = todo.pop()
        if isinstance(part, dict):
            if "trim_offsets" in part:
                part["trim_offsets"] = False
            part = list(part[key] for key in part if key not in ("model", "added_tokens"))
        if isinstance(part, list):
            todo += part
    return Tokenizer.from_str(json.dumps(parts))


class HuggingFace:
    has_special = True

    def __init__(self, tokenizer):
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self.json = tokenizer.to_str()
        self.tokenizer = untrimmed(tokenizer)
        added = tokenizer.get_added_tokens_decoder()
        self.added = [t.content for t in added.values()][:60]
        # tokenizers 0.23 decodes an added token that is found in normalised text as its normal form; Erato, as the versions
        # before, as its content.
        normal = tokenizer.normalizer.normalize_str if tokenizer.normalizer else str
        self.renamed = {i for i, t in added.items() if t.normalized and normal(t.content) != t.content}

    def encode(self, rows, special):
        self.tokenizer.encode_special_tokens = not special
        inner = self.tokenizer.encode_batch(rows, add_special_tokens=False)
        whole = self.tokenizer.encode_batch(rows)
        return [{"ids": e.ids, "whole": w.ids, "offsets": byte_offsets(row, e.offsets)}
                for row, e, w in zip(rows, inner, whole)]

    def pairs(self, pairs, special):
        self.tokenizer.encode_special_tokens = not special
        return [{"ids": e.ids, "segments": e.type_ids} for e in self.tokenizer.encode_batch(pairs)]

    def decode(self, rows):
        return self.tokenizer.decode_batch(rows, skip_special_tokens=False)

    def lay(self, folder):
        (folder / "tokenizer.json").write_text(self.json, encoding="utf-8")


class SentencePiece:
    has_special = False

    def __init__(self, processor):
        self.processor = processor
        self.added = ["foo", "don't", "<s>", "<unk>"]

    def encode(self, rows, special):
        return [{"ids": ids} for ids in self.processor.encode(rows)]

    def decode(self, rows):
        # The package spells an unknown piece \u2047 between spaces, Erato as the piece.
        return [text.replace(" \u2047 ", "<unk>") for text in self.processor.decode(rows)]

    def lay(self, folder):
        (folder / "tokenizer.model").write_bytes(self.processor.serialized_model_proto())


class TikToken:
    has_special = False

    def __init__(self, ranks):
        self.ranks, self.json, self.added = ranks, ranks.json, []

    def encode(self, rows, special):
        return self.ranks.encode(rows)

    def decode(self, rows):
        return [self.ranks.decode(ids) for ids in rows]

    lay = HuggingFace.lay


def oracle_of(subject):
    if isinstance(subject, Tokenizer):
        return HuggingFace(subject)
    return TikToken(subject) if isinstance(subject, Ranks) else SentencePiece(subject)


# --- comparing --------------------------------------------------------------------------------------------------------

# Erato never takes a marker from text that is not trusted, whatever its file calls it.
MARKER = re.compile(r"^(<.*>|\[.*\])$", re.S)


class Run:
    def __init__(self, name, path, arguments, words):
        self.name, self.path, self.program, self.words = name, str(path), arguments.program, words
        self.count = arguments.count
        self.texts = 0
        self.wrong = {"ids": 0, "whole": 0, "pairs": 0, "offsets": 0, "text": 0}

    def ask(self, rows, special):
        lines = "".join(json.dumps({"t": row, "s": special}) + "\n" for row in rows)
        answer = subprocess.run([self.program, self.path], check=True, input=lines, stdout=subprocess.PIPE, text=True)
        return [json.loads(line) for line in answer.stdout.split("\n")[:-1]]

    def note(self, kind, row, got, want):
        self.wrong[kind] += 1
        if self.wrong[kind] <= 2:
            print(f"  {self.name} {kind}: {row!r}\n    got  {got}\n    want {want}")

    def compare(self, oracle, special, seed):
        rows = list(texts(self.count, seed, oracle.added if special else ["foo bar", "FOO BAR", "LEFT", " right  "], self.words))
        if isinstance(oracle, SentencePiece):
            rows = [row.replace("\0", "") for row in rows]  # ends a text there
        if not special:
            markers = [token for token in oracle.added if MARKER.match(token)]
            rows = [row for row in rows if not any(token in row for token in markers)]
        ours, theirs = self.ask(rows, special), oracle.encode(rows, special)
        for row, got, want in zip(rows, ours, theirs, strict=True):
            for kind in ("ids", "whole", "offsets"):
                if kind not in want or got[kind] in (None, want[kind]):
                    continue
                if kind != "offsets" or not same_offsets(row, got[kind], want[kind], oracle.added):
                    self.note(kind, row, got[kind], want[kind])
                    break
        same = [(row, got) for row, got, want in zip(rows, ours, theirs) if got["ids"] == want["ids"]]
        for (row, got), want in zip(same, oracle.decode([got["ids"] for _, got in same]), strict=True):
            if got["text"] != want and not getattr(oracle, "renamed", set()).intersection(got["ids"]):
                self.note("text", got["ids"], got["text"], want)
        self.texts += len(rows)
        if hasattr(oracle, "pairs") and not self.path.endswith(".gguf"):
            pairs = list(zip(rows[:self.count // 20], rows[1:]))
            for pair, got, want in zip(pairs, self.ask(pairs, special), oracle.pairs(pairs, special), strict=True):
                if got != want:
                    self.note("pairs", pair, got, want)


def check(name, subject, path, arguments, words, seed):
    folder = pathlib.Path(arguments.folder) / name
    oracle = oracle_of(subject)
    if path is None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        oracle.lay(folder)
    run = Run(name, path or folder, arguments, words)
    run.compare(oracle, False, seed)
    if oracle.has_special:
        run.compare(oracle, True, seed + 1)
    return run


# --- the sample ---------------------------------------------------------------------------------------------------------

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
            case["offsets"] = [[row, byte_offsets(row, tokenizer.encode(row).offsets)] for row in rows]
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


def subjects(corpus, work, arguments):
    if not arguments.no_training:
        for name, tokenizer in trained(corpus):
            yield name, tokenizer, None
        for name, path in trained_sentencepiece(corpus, work):
            yield name, sentencepiece.SentencePieceProcessor(model_file=str(path)), None
    for file in arguments.files:
        if arguments.only in file:
            yield *open_published(file), file if file.endswith(".gguf") else None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", nargs=2, metavar=("FILE", "CORPUS"))
    parser.add_argument("program", nargs="?")
    parser.add_argument("folder", nargs="?")
    parser.add_argument("corpus", nargs="?")
    parser.add_argument("files", nargs="*")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--no-training", action="store_true", help="only the files")
    arguments = parser.parse_args()
    if arguments.cases:
        return write_cases(*arguments.cases)
    work = pathlib.Path(arguments.folder)
    work.mkdir(parents=True, exist_ok=True)
    corpus = pathlib.Path(arguments.corpus).read_text(encoding="utf-8")
    words = sorted(set(re.findall(r" ?\w+", corpus)))[:20000]
    total, wrong = 0, {}
    for index, (name, subject, path) in enumerate(subjects(corpus, work, arguments)):
        if arguments.only not in name:
            continue
        begin = time.time()
        run = check(name, subject, path, arguments, words, arguments.seed * 1000 + index * 2)
        total += run.texts
        for kind, count in run.wrong.items():
            wrong[kind] = wrong.get(kind, 0) + count
        print(f"{name:40} {run.texts:8} texts, differ: {run.wrong} ({time.time() - begin:.0f} s)", flush=True)
    print(f"{'all':40} {total:8} texts, differ: {wrong}")
    return any(wrong.values())


if __name__ == "__main__":
    sys.exit(main())
