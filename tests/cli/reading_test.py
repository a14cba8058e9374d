#!/usr/bin/env python3
"""embed, rerank and classify through pipes; and MiniLM's vectors of real texts where it is in the cache."""
import json
import math
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from program import CACHE, COMMAND, ENCODERS, TINY, erato

GOLDENS = pathlib.Path(__file__).parents[1] / "data" / "real"
MINILM = CACHE / "minilm"


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


def as_lines(values):
    return "".join(json.dumps(value) + "\n" for value in values)


def cosine(a, b):
    return sum(x * y for x, y in zip(a, b)) / math.hypot(*a) / math.hypot(*b)


class Files(unittest.TestCase):
    def test_info_of_a_folder(self):
        info = json.loads(erato("info", ENCODERS / "embedder", "--json")[1])
        self.assertEqual((info["task"], info["vector_width"], info["has_tokenizer"]), ("embed", 8, True))
        self.assertIsNotNone(info["special"]["unknown"])

    def test_a_tokenizer_that_is_broken(self):
        with tempfile.TemporaryDirectory() as folder:
            broken = pathlib.Path(folder, "broken")
            shutil.copytree(ENCODERS / "embedder", broken)
            self.assertEqual(erato("check", broken), (0, "", ""))
            (broken / "tokenizer.json").write_text("{")
            self.assertFalse(json.loads(erato("info", broken, "--json")[1])["has_tokenizer"])
            status, out, err = erato("check", broken)
            self.assertEqual(status, 1)
            self.assertRegex(out + err, r"\[json\] tokenizer\.json|\[.*tokenizer\.json")


class Embed(unittest.TestCase):
    def test_lines_and_operands(self):
        texts = ["good paris", "bad", "paris good"]
        status, out, err = erato("embed", ENCODERS / "embedder", "--lines-json", stdin=as_lines(texts))
        self.assertEqual((status, err), (0, ""))
        vectors = lines(out)
        self.assertEqual([len(vector) for vector in vectors], [8, 8, 8])
        self.assertAlmostEqual(cosine(vectors[0], vectors[2]), 1, places=5)
        self.assertEqual(lines(erato("embed", ENCODERS / "embedder", *texts)[1]), vectors)
        status, out, _ = erato("embed", ENCODERS / "embedder", "good", "--pooling", "none")
        self.assertEqual([len(row) for row in json.loads(out)], [8, 8, 8])

    def test_options_of_the_library(self):
        status, out, _ = erato("embed", ENCODERS / "embedder", "paris", "--prompt", "query", "--dimensions", "4")
        self.assertEqual(status, 0)
        self.assertEqual(len(json.loads(out)), 4)
        status, _, err = erato("embed", ENCODERS / "embedder", "paris", "--prompt", "passage")
        self.assertEqual(status, 1)
        self.assertIn("expected document, query", err)
        self.assertEqual(erato("embed", ENCODERS / "embedder")[0], 1)
        self.assertEqual(erato("embed", ENCODERS / "embedder", "a", "--pooling", "median")[0], 2)

    def test_long_texts_are_cut_and_told(self):
        long = "the " * 20
        status, out, err = erato("embed", ENCODERS / "embedder", "--lines-json", stdin=as_lines(["good", long]))
        self.assertEqual(status, 0)
        self.assertEqual(len(lines(out)), 2)
        self.assertRegex(err, r"^erato: text 2 was cut: 12 tokens read, 10 left out.*\n$")
        status, out, err = erato("embed", ENCODERS / "embedder", "--truncate", "none", "--lines-json",
                                 stdin=as_lines(["good", long, "bad"]))
        self.assertEqual((status, len(lines(out))), (1, 1))
        self.assertRegex(err, r"line 2: \[text 1\] tokens, got 22, expected at most 12")

    def test_lines_that_are_no_texts(self):
        for text, number in (('"good"\n{}\n"bad"\n', 2), ('nonsense\n', 1)):
            status, out, err = erato("embed", ENCODERS / "embedder", "--lines-json", stdin=text)
            self.assertEqual((status, len(lines(out))), (1, number - 1))
            self.assertIn(f"line {number}:", err)

    def test_many_lines_and_one_at_a_time(self):
        texts = [f"good {'the ' * (i % 5)}" for i in range(1500)]
        status, out, _ = erato("embed", ENCODERS / "embedder", "--lines-json", stdin=as_lines(texts))
        self.assertEqual((status, len(out.splitlines())), (0, 1500))
        with subprocess.Popen([COMMAND, "embed", ENCODERS / "embedder", "--lines-json"], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True) as program:
            for _ in range(3):  # each is answered before the next one is sent
                program.stdin.write('"good"\n')
                program.stdin.flush()
                self.assertEqual(len(json.loads(program.stdout.readline())), 8)
            program.stdin.close()
            self.assertEqual(program.wait(), 0)

    def test_a_decoder_embeds_when_asked(self):
        status, out, _ = erato("embed", TINY, "abc")
        self.assertEqual((status, len(json.loads(out))), (0, 64))
        self.assertEqual(erato("embed", TINY, "abc", "--task", "generate")[0], 1)

    def test_bench(self):
        status, out, _ = erato("bench", ENCODERS / "embedder", "--embed", "2x8", "--reps", "1", "--json")
        self.assertEqual(status, 0)
        self.assertGreater(json.loads(out)["embed"], 0)
        self.assertEqual(erato("bench", ENCODERS / "embedder", "--embed", "2by8")[0], 1)


class Rank(unittest.TestCase):
    def test_rerank(self):
        status, out, err = erato("rerank", ENCODERS / "reranker", "--query", "paris", "--lines-json",
                                 stdin=as_lines(["bad", "good"]))
        self.assertEqual((status, err), (0, ""))
        bad, good = lines(out)
        self.assertEqual((bad["index"], good["index"]), (0, 1))
        self.assertLess(bad["relevance_score"], good["relevance_score"])
        self.assertAlmostEqual(good["relevance_score"], 1 / (1 + math.exp(-good["raw_score"])), places=5)
        status, _, err = erato("rerank", ENCODERS / "embedder", "--query", "paris", stdin='"a"\n')
        self.assertEqual(status, 1)
        self.assertIn("only makes vectors", err)
        self.assertEqual(erato("rerank", ENCODERS / "reranker")[0], 2)


class Classify(unittest.TestCase):
    def test_texts(self):
        status, out, err = erato("classify", ENCODERS / "classifier", "--lines-json", stdin=as_lines(["good", "bad"]))
        self.assertEqual((status, err), (0, ""))
        good, bad = lines(out)
        self.assertEqual((good["prediction"], bad["prediction"]), ("positive", "negative"))
        self.assertEqual([p["label"] for p in good["predictions"]][0], "positive")
        self.assertAlmostEqual(sum(p["score"] for p in good["predictions"]), 1, places=5)

    def test_names_in_texts(self):
        status, out, _ = erato("classify", ENCODERS / "tagger", stdin=as_lines(["the anna is in paris", "the"]))
        self.assertEqual(status, 0)
        found, none = lines(out)
        self.assertEqual([(e["label"], e["text"], e["begin"]) for e in found["entities"]],
                         [("PER", "anna", 4), ("LOC", "paris", 15)])
        self.assertEqual(none["entities"], [])


def ranks(values):
    """1, 2, … from the least on; equal values share the mean of theirs."""
    order = sorted(values)
    return [(order.index(value) + 1 + len(order) - order[::-1].index(value)) / 2 for value in values]


def spearman(a, b):
    """Whether two lists of scores have the same order: the correlation of their ranks."""
    middle = (len(a) + 1) / 2
    return cosine([rank - middle for rank in ranks(a)], [rank - middle for rank in ranks(b)])


@unittest.skipUnless(MINILM.exists(), "minilm is not in the cache; ./run fetch minilm gets it")
class RealTexts(unittest.TestCase):
    """The reference's vectors of whole texts: empty, long, with accents, in other scripts."""

    def test_cosine_to_the_reference(self):
        rows = json.loads((GOLDENS / "minilm.json").read_text())
        file = (GOLDENS / "minilm.safetensors").read_bytes()
        size = int.from_bytes(file[:8], "little")
        entry = json.loads(file[8:8 + size])["embeddings"]
        self.assertEqual((entry["dtype"], entry["shape"]), ("F32", [len(rows), 384]))
        begin, end = entry["data_offsets"]
        flat = memoryview(file[8 + size + begin:8 + size + end]).cast("f")
        for weights, least in (("file", 0.99999), ("bf16", 0.9999), ("int8", 0.995)):
            status, out, _ = erato("embed", MINILM, "--lines-json", "--weights", weights,
                                   stdin=as_lines([row["text"] for row in rows]))
            self.assertEqual(status, 0)
            worst = min(cosine(vector, flat[384 * i:384 * (i + 1)]) for i, vector in enumerate(lines(out)))
            print(f"minilm, weights {weights}: worst cosine 1 - {1 - worst:.2g}")
            self.assertGreaterEqual(worst, least, weights)

    def test_likeness_of_sentences(self):
        rows = json.loads((GOLDENS / "similarity.json").read_text())
        likeness, reference = [row["likeness"] for row in rows], [row["cosine"] for row in rows]
        expected = spearman(likeness, reference)
        self.assertEqual(len(rows), 72)
        for weights in ("file", "bf16", "int8"):
            status, out, _ = erato("embed", MINILM, "--lines-json", "--weights", weights,
                                   stdin=as_lines([row[side] for row in rows for side in "ab"]))
            self.assertEqual(status, 0)
            vectors = lines(out)
            ours = [cosine(a, b) for a, b in zip(vectors[::2], vectors[1::2])]
            got, worst = spearman(likeness, ours), max(abs(a - b) for a, b in zip(ours, reference))
            print(f"minilm, weights {weights}: Spearman {got:.5f}, the reference {expected:.5f}; to its scores "
                  f"{spearman(reference, ours):.5f}, which are at most {worst:.2g} away")
            if weights == "file":
                self.assertAlmostEqual(got, expected, delta=0.0005)
                self.assertGreaterEqual(spearman(reference, ours), 0.9995)
                self.assertLess(worst, 1e-5)


if __name__ == "__main__":
    unittest.main(verbosity=2)
