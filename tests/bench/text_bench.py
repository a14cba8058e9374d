#!/usr/bin/env python3
"""What text_bench.cc measures, with the Python packages: text_bench.py encode TOKENIZER.json TEXT, or render FOLDER.

One thread each; tokenizers without offsets (encode_batch_fast), templates compiled once, as transformers does.
"""
import json
import os
import pathlib
import sys
import time

os.environ["TOKENIZERS_PARALLELISM"] = "false"
sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "template"))
REPS = 3


def encode(path, file):
    from tokenizers import Tokenizer
    tokenizer = Tokenizer.from_file(path)
    text = pathlib.Path(file).read_text(encoding="utf-8")
    for _ in range(REPS):
        begin = time.perf_counter()
        tokenizer.encode_batch_fast([text], add_special_tokens=False)
        print(json.dumps({"encode": len(text.encode()) / 1e6 / (time.perf_counter() - begin)}), flush=True)


def render(folder):
    from make_cases import environment_of
    environment, folder = environment_of(), pathlib.Path(folder)
    cases = json.loads((folder / "conversations.json").read_text(encoding="utf-8"))["cases"]
    compiled = {path.name: environment.from_string(path.read_text(encoding="utf-8")) for path in folder.glob("*.jinja")}
    work = [(compiled[case["template"]], case["variables"]) for case in cases if "text" in case]
    for _ in range(REPS):
        begin = time.perf_counter()
        for template, variables in work:
            template.render(**variables)
        print(json.dumps({"renders": len(work) / (time.perf_counter() - begin)}), flush=True)


if __name__ == "__main__":
    {"encode": encode, "render": render}[sys.argv[1]](*sys.argv[2:])
