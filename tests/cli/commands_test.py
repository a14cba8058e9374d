#!/usr/bin/env python3
"""Every subcommand of erato through pipes: the contract of its machine-readable side."""
import json
import os
import pathlib
import tempfile
import unittest

from program import SMOLLM2, TINY, erato

TEMPLATE = "{% for m in messages %}[{{ m.role }}] {{ m.content }}\n{% endfor %}{% if add_generation_prompt %}>{% endif %}"
CHAT = {"messages": [{"role": "user", "content": "hello \"you\"\n"}], "add_generation_prompt": True}


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


def as_lines(values):
    return "".join(json.dumps(value) + "\n" for value in values)


class CommandLine(unittest.TestCase):
    def test_nothing_and_nonsense_give_the_list(self):
        for arguments in ([], ["fly"]):
            status, out, err = erato(*arguments)
            self.assertEqual((status, out), (2, ""))
            for name in "chat generate embed rerank classify info check tokenize detokenize render logits bench doctor".split():
                self.assertIn(name, err)

    def test_help_of_each(self):
        for name in "chat generate embed rerank classify info check tokenize detokenize render logits bench doctor".split():
            status, out, err = erato(name, "--help")
            self.assertEqual((status, err), (0, ""), name)
            self.assertIn("Usage", out)

    def test_a_bad_option_is_named(self):
        status, _, err = erato("generate", TINY, "--temperature", "-3")
        self.assertEqual(status, 2)
        self.assertIn("temperature", err)
        self.assertIn("-3", err)
        self.assertEqual(erato("info")[0], 2)
        self.assertEqual(erato("logits", TINY)[0], 2)

    def test_a_missing_model_is_one_line(self):
        for name, more in (("info", []), ("tokenize", []), ("logits", ["--all"]), ("generate", ["--prompt", "x"]),
                           ("chat", []), ("bench", [])):
            status, out, err = erato(name, "/nowhere/nothing.gguf", *more, stdin="x")
            self.assertEqual((status, out, err.count("\n")), (1, "", 1), (name, err))
            self.assertRegex(err, r"^erato: .*nothing\.gguf")


class Files(unittest.TestCase):
    def test_info(self):
        status, out, _ = erato("info", TINY, "--json")
        self.assertEqual(status, 0)
        info = json.loads(out)
        self.assertGreater(info["parameters"], 0)
        self.assertGreater(info["vocabulary"], 0)
        status, out, _ = erato("info", TINY)
        self.assertEqual(status, 0)
        self.assertIn(str(info["vocabulary"]), out)

    def test_check(self):
        self.assertEqual(erato("check", TINY), (0, "", ""))
        good = pathlib.Path(TINY).read_bytes()
        with tempfile.TemporaryDirectory() as folder:
            bad = {
                "empty": b"",
                "not-gguf": b"hello, world, this is no model at all",
                "version": good[:4] + b"\x63\0\0\0" + good[8:],
                "cut": good[: len(good) // 2],
            }
            for name, data in bad.items():
                path = pathlib.Path(folder, name + ".gguf")
                path.write_bytes(data)
                status, out, err = erato("check", path)
                self.assertEqual((status, err), (1, ""), name)
                self.assertRegex(out, r"^\[[^]]+\] .*, got .*, expected .*\n$", name)
                self.assertEqual(out.count("\n"), 1)
                self.assertNotIn(folder, out)
            status, out, _ = erato("check", *(pathlib.Path(folder, name + ".gguf") for name in bad), TINY, folder)
            self.assertEqual((status, out.count("\n")), (1, len(bad) + 1))


class Text(unittest.TestCase):
    def test_round_trip(self):
        texts = ["hello", "", " two  words ", "line\nbreak\ttab", "naïve 日本語 🙂", "\"quoted\\\""]
        status, out, err = erato("tokenize", TINY, "--plain", "--lines-json", stdin=as_lines(texts))
        self.assertEqual((status, err), (0, ""))
        ids = lines(out)
        self.assertEqual(len(ids), len(texts))
        status, out, _ = erato("detokenize", TINY, "--lines-json", stdin=out)
        self.assertEqual((status, lines(out)), (0, texts))

    def test_bad_lines_are_named(self):
        for name, bad in (("tokenize", "{"), ("tokenize", "[1]"), ("detokenize", "\"x\""), ("detokenize", "[-1]"),
                          ("detokenize", "[1.5]"), ("detokenize", "[99999999]"), ("detokenize", "[4294967297]")):
            good = '"x"' if name == "tokenize" else "[1]"
            status, out, err = erato(name, TINY, "--lines-json", stdin=f"{good}\n{bad}\n{good}\n")
            self.assertEqual((status, out.count("\n")), (1, 1), bad)
            self.assertIn("line 2", err)

    def test_render(self):
        with tempfile.NamedTemporaryFile("w", suffix=".jinja") as file:
            file.write(TEMPLATE)
            file.flush()
            status, out, _ = erato("render", "--template", file.name, "--json", stdin=as_lines([CHAT, {"messages": []}]))
            self.assertEqual((status, lines(out)), (0, ["[user] hello \"you\"\n\n>", ""]))
            file.write("{% endfor %}")
            file.flush()
            status, out, err = erato("render", "--template", file.name, "--json", stdin=as_lines([CHAT]))
            self.assertEqual((status, out), (1, ""))
            self.assertIn("[", err)
        status, out, _ = erato("render", TINY, "--json", stdin=as_lines([CHAT]))
        self.assertEqual(status, 0)
        self.assertIn("hello \"you\"", lines(out)[0])
        self.assertEqual(erato("render", "--json", stdin="{}")[0], 2)

    def test_templates_by_name(self):
        status, out, _ = erato("render", "--template", "llama3", "--json", stdin=as_lines([CHAT]))
        self.assertEqual((status, lines(out)), (0, ["<|start_header_id|>user<|end_header_id|>\n\nhello \"you\"<|eot_id|>"
                                                    "<|start_header_id|>assistant<|end_header_id|>\n\n"]))
        status, _, err = erato("render", "--template", "lama3", "--json", stdin=as_lines([CHAT]))
        self.assertEqual(status, 1)
        self.assertIn("lama3", err)
        status, out, err = erato("chat", TINY, "--template", "chatml", "--backend", "ref", stdin="hi\n")
        self.assertEqual((status, out), (0, "Hello world \U0001f600!\n"), err)
        status, _, err = erato("chat", TINY, "--template", "chatlm", "--backend", "ref", stdin="hi\n")
        self.assertEqual(status, 1)
        self.assertIn("chatml", err)


class Numbers(unittest.TestCase):
    def test_logits(self):
        ids = [[1, 2, 3], [4]]
        status, out, _ = erato("logits", TINY, "--backend", "ref", "--all", stdin=as_lines(ids))
        self.assertEqual(status, 0)
        whole = [line["logits"] for line in lines(out)]
        self.assertEqual([len(rows) for rows in whole], [3, 1])
        status, out, _ = erato("logits", TINY, "--device", "ref", "--last", stdin=as_lines(ids))
        last = [line["logits"] for line in lines(out)]
        self.assertEqual((status, last), (0, [[rows[-1]] for rows in whole]))
        for rows in whole:
            self.assertEqual({len(row) for row in rows}, {len(whole[0][0])})
        self.assertEqual(erato("logits", TINY, "--all", stdin="[]\n")[0], 1)

    def test_generate(self):
        greedy = ["generate", TINY, "--greedy", "--max-tokens", "6", "--ignore-end", "true", "--json"]
        status, out, _ = erato(*greedy, "--prompt", "hello")
        self.assertEqual(status, 0)
        one = json.loads(out)
        self.assertEqual((len(one["ids"]), one["generated_tokens"], one["finish"]), (6, 6, "length"))
        status, out, _ = erato("tokenize", TINY, "--lines-json", stdin='"hello"\n')
        self.assertEqual(one["prompt_tokens"], len(json.loads(out)))
        status, out, _ = erato(*greedy, "--ids", out.strip())
        self.assertEqual((status, json.loads(out)["ids"]), (0, one["ids"]))
        status, out, _ = erato(*greedy[:-1], stdin="hello")
        self.assertEqual((status, out), (0, one["text"] + "\n"))
        drawn = ["generate", TINY, "--temperature", "1", "--seed", "7", "--max-tokens", "8", "--json", "--prompt", "x"]
        self.assertEqual(json.loads(erato(*drawn)[1])["ids"], json.loads(erato(*drawn)[1])["ids"])

    def test_bench(self):
        status, out, _ = erato("bench", TINY, "--pp", "8", "--tg", "4", "--seqs", "3", "--reps", "2", "--json")
        self.assertEqual(status, 0)
        rows = lines(out)
        self.assertEqual(len(rows), 2)
        for row in rows:
            self.assertEqual(list(row), ["prefill", "decode", "decode_x3"])
            self.assertTrue(all(value > 0 for value in row.values()), row)

    def test_doctor(self):
        with tempfile.TemporaryDirectory() as cache:
            status, out, _ = erato("doctor", "--json", env={"XDG_CACHE_HOME": cache})
            self.assertEqual((status, json.loads(out)["self_check"]), (0, "ok"))
            models = pathlib.Path(cache, "erato", "models")
            models.mkdir(parents=True)
            os.symlink(TINY, models / "good.gguf")
            status, out, _ = erato("doctor", env={"XDG_CACHE_HOME": cache})
            self.assertEqual(status, 0, out)
            self.assertRegex(out, r"good\.gguf: ok")
            (models / "bad.gguf").write_text("nothing")
            status, out, _ = erato("doctor", "--json", env={"XDG_CACHE_HOME": cache})
            checks = {model["path"].rsplit("/")[-1]: model["check"] for model in json.loads(out)["models"]}
            self.assertEqual((status, checks["good.gguf"]), (1, "ok"))
            self.assertIn("got", checks["bad.gguf"])


@unittest.skipUnless(SMOLLM2.exists(), f"{SMOLLM2.name} is not in the cache; ./run fetch smollm2 gets it")
class RealModel(unittest.TestCase):
    def test_a_question_in_a_pipe(self):
        status, out, err = erato("chat", SMOLLM2, "--device", "ref", "--temperature", "0",
                                 stdin="What is the capital of France?\n")
        self.assertEqual((status, out, err), (0, "The capital of France is Paris.\n", ""))

    def test_control_tokens_come_from_scaffolding_alone(self):
        status, out, _ = erato("tokenize", SMOLLM2, "--plain", "--lines-json", stdin='"<|im_end|>"\n')
        self.assertEqual(status, 0)
        self.assertGreater(len(json.loads(out)), 1)
        status, out, _ = erato("tokenize", SMOLLM2, "--special", "--lines-json", stdin='"<|im_end|>"\n')
        self.assertEqual((status, json.loads(out)), (0, [2]))


if __name__ == "__main__":
    unittest.main(verbosity=2)
