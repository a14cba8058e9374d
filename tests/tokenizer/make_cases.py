"""Makes tests/data/tokenizer/*.json: what Hugging Face tokenizers and SentencePiece answer on generated text.

    make_cases.py CORPUS.txt FOLDER
    make_cases.py --compare CUT_LINES [COUNT]   compare every pre-tokeniser with tokenizers, COUNT texts each

Needs the Python packages tokenizers, sentencepiece and protobuf; the tests need only what it leaves:
  pre_tokenizers.json   {name: [[text, [word, …]], …]}
  byte_bpe.json         small vocabularies trained here: pieces, merges, [text, ids] with specials on and off
  sentencepiece.json    the same with pieces, scores, types
"""
import json
import pathlib
import random
import subprocess
import sys
import tempfile

import sentencepiece
from sentencepiece import sentencepiece_model_pb2
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from generated_text import RANGES, SPACES, WORDS  # noqa: E402

GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
LLAMA3 = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
          r"|\s*[\r\n]+|\s+(?!\S)|\s+")
QWEN2 = LLAMA3.replace("{1,3}", "")


def split(pattern):
    return pre_tokenizers.Split(Regex(pattern), "isolated")


PRE_TOKENIZERS = {
    "gpt-2": split(GPT2),
    "llama-bpe": split(LLAMA3),
    "qwen2": split(QWEN2),
    "smollm": pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), split(GPT2)]),
}

def texts(count, seed, extra=()):
    rng = random.Random(seed)
    pool = WORDS + list(extra)
    for _ in range(count):
        parts = []
        for _ in range(rng.randint(1, 10)):
            kind = rng.random()
            if kind < 0.4:
                parts.append(rng.choice(pool))
            elif kind < 0.75:
                parts.append(rng.choice(SPACES))
            else:
                low, high = rng.choice(RANGES)
                parts.append("".join(chr(rng.randint(low, high)) for _ in range(rng.randint(1, 3))))
        yield "".join(parts)


def pre_tokenizer_cases():
    return {name: [[text, [word for word, _ in p.pre_tokenize_str(text)]] for text in texts(120, seed)]
            for seed, (name, p) in enumerate(PRE_TOKENIZERS.items())}


def byte_bpe_cases(corpus):
    specials = ["<|start|>", "<|end|>", "<|end|>x"]
    cases = []
    for name, pattern in PRE_TOKENIZERS.items():
        tokenizer = Tokenizer(models.BPE(ignore_merges=name == "llama-bpe"))
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
            [pattern, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
        tokenizer.decoder = decoders.ByteLevel()
        if name == "qwen2":
            tokenizer.normalizer = normalizers.NFC()
        trainer = trainers.BpeTrainer(vocab_size=600, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
                                      show_progress=False)
        tokenizer.train_from_iterator([corpus], trainer)
        tokenizer.add_special_tokens([AddedToken(s, normalized=False, special=True) for s in specials])
        model = json.loads(tokenizer.to_str())["model"]
        size = tokenizer.get_vocab_size()
        pieces = [tokenizer.id_to_token(i) for i in range(size)]
        rows = list(texts(60, 100 + len(cases), specials))
        cases.append({
            "pre": name,
            "pieces": pieces,
            "types": [3 if p in specials else 1 for p in pieces],
            "merges": [m if isinstance(m, str) else " ".join(m) for m in model["merges"]],
            "trusted": encode_all(tokenizer, rows, False),
            "plain": encode_all(tokenizer, rows, True),
        })
    return cases


def encode_all(tokenizer, rows, plain):
    tokenizer.encode_special_tokens = plain
    return [[row, tokenizer.encode(row, add_special_tokens=False).ids] for row in rows]


def sentencepiece_cases(corpus):
    cases = []
    kinds = [
        {"byte_fallback": True, "add_dummy_prefix": True},
        {"byte_fallback": False, "add_dummy_prefix": True, "remove_extra_whitespaces": True},
        {"byte_fallback": True, "add_dummy_prefix": False, "user_defined_symbols": ["<b>", "\n", "foo", "don't"]},
        {"byte_fallback": False, "add_dummy_prefix": False, "split_by_whitespace": False},
    ]
    for kind in kinds:
        options = {"remove_extra_whitespaces": False, **kind}
        with tempfile.TemporaryDirectory() as folder:
            source, prefix = pathlib.Path(folder) / "corpus.txt", pathlib.Path(folder) / "model"
            source.write_text(corpus, encoding="utf-8")
            sentencepiece.SentencePieceTrainer.train(
                input=str(source), model_prefix=str(prefix), vocab_size=700, model_type="bpe", minloglevel=2,
                normalization_rule_name="identity", character_coverage=0.998, **options)
            processor = sentencepiece.SentencePieceProcessor(model_file=f"{prefix}.model")
            proto = sentencepiece_model_pb2.ModelProto()
            proto.ParseFromString(pathlib.Path(f"{prefix}.model").read_bytes())
        rows = [t for t in texts(60, 200 + len(cases), ["foo", "<b>", "don't"]) if "\0" not in t]
        cases.append({
            "pieces": [p.piece for p in proto.pieces],
            "scores": [p.score for p in proto.pieces],
            "types": [p.type for p in proto.pieces],
            "add_space_prefix": options["add_dummy_prefix"],
            "remove_extra_whitespace": options["remove_extra_whitespaces"],
            "unknown": 0,
            "plain": [[row, processor.encode(row)] for row in rows],
        })
    return cases


def compare(program, count):
    rules = json.loads(subprocess.run([program, "--rules"], stdout=subprocess.PIPE, check=True).stdout)
    total = different = 0
    for seed, (name, patterns) in enumerate(rules.items()):
        oracle = pre_tokenizers.Sequence([split(p) for p in patterns])
        rows = list(texts(count, 1000 + seed))
        lines = "\n".join(json.dumps(row) for row in rows) + "\n"
        answer = subprocess.run([program, name], input=lines.encode(), stdout=subprocess.PIPE, check=True).stdout
        wrong = 0
        for row, line in zip(rows, answer.decode().split("\n")[:-1], strict=True):
            expected = [word for word, _ in oracle.pre_tokenize_str(row)]
            ours = json.loads(line)
            if ours != expected:
                wrong += 1
                if wrong <= 2:
                    print(f"{name}: {row!r}\n  ours:   {ours}\n  theirs: {expected}")
        print(name, len(rows), "texts,", wrong, "different", flush=True)
        total += len(rows)
        different += wrong
    print(total, "texts,", different, "different")
    return different


def main():
    if len(sys.argv) in (3, 4) and sys.argv[1] == "--compare":
        sys.exit(compare(sys.argv[2], int((sys.argv + ["4000"])[3])) > 0)
    if len(sys.argv) != 3:
        sys.exit("usage: make_cases.py CORPUS.txt OUTPUT_FOLDER")
    corpus = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")
    folder = pathlib.Path(sys.argv[2])
    for name, cases in [("pre_tokenizers", pre_tokenizer_cases()), ("byte_bpe", byte_bpe_cases(corpus)),
                        ("sentencepiece", sentencepiece_cases(corpus))]:
        text = json.dumps(cases, ensure_ascii=True, separators=(",", ":"))
        (folder / f"{name}.json").write_text(text + "\n", encoding="ascii")


if __name__ == "__main__":
    main()
