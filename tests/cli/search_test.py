#!/usr/bin/env python3
"""The sample that searches a folder by meaning: with tiny models, and with real ones where they are in the cache.

    ERATO_SEARCH    the program
"""
import json
import os
import pathlib
import signal
import sqlite3
import subprocess
import tempfile
import time
import unittest

from program import CACHE, ENCODERS, LONG, SMOLLM2, TINY, Terminal

SEARCH = os.environ["ERATO_SEARCH"]
EMBEDDER = ENCODERS / "embedder"  # reads at most 12 tokens; its prompt for queries is "good "
MINILM = CACHE / "minilm"
TEXTS = {
    "kitchen/bread.md": "# Bread\n\nMix flour, water, salt and yeast. Let the dough rise for two hours, then bake it in a hot oven.\n",
    "garden.txt": "Roses want sun and a deep soil.\n\nWater young trees in the evening during a dry summer.\n",
    "list.c": "/* Frees a list and all of its nodes. */\nvoid list_free(struct node *n) {\n  while (n) {\n"
              "    struct node *next = n->next;\n    free(n);\n    n = next;\n  }\n}\n",
    "moon.txt": "The first people walked on the moon in July 1969. Their ship was called Eagle.\n",
}


class SearchTest(unittest.TestCase):
    model = EMBEDDER

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.database = self.folder / ".erato-search.db"

    def write(self, files):
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def search(self, *arguments, stdin="", status=0):
        """(stdout, stderr) of one run in the folder."""
        done = subprocess.run([SEARCH, *map(str, arguments)], input=stdin.encode(), capture_output=True, timeout=480,
                              cwd=self.folder)
        self.assertEqual(done.returncode, status, done)
        return done.stdout.decode(), done.stderr.decode()

    def index(self, *arguments, expect, stderr=""):
        out, err = self.search("index", ".", "--model", self.model, *arguments)
        self.assertIn(expect, out)
        self.assertRegex(err, f"^{stderr}$")
        return out

    def query(self, *arguments):
        return json.loads(self.search("query", "--json", *arguments)[0])

    def places(self, *arguments):
        return [(hit["path"], hit["first_line"], hit["last_line"]) for hit in self.query(*arguments)["hits"]]

    def refuse(self, *arguments, says, status=1):
        out, err = self.search(*arguments, status=status)
        self.assertEqual(out, "")
        self.assertRegex(err, says)


class Index(SearchTest):
    def test_only_what_changed_is_read(self):
        self.write({"a.txt": "good good\n", "deep/b.txt": "\nbad\n\nparis\n", "c.txt": "anna\n", "empty.txt": "",
                    ".hidden": "good\n", "skipped.log": "good\n"})
        (self.folder / "link.txt").symlink_to("a.txt")
        exclude = ("--exclude", "*.log")
        self.index(*exclude, expect="Files: 4 read, 0 as before, 0 gone, 0 passed over.\nPassages: 3, 3 of them new")
        self.assertEqual(self.places("good")[0], ("a.txt", 1, 1))
        self.assertEqual(len(self.places("good", "--top", "2")), 2)
        self.index(*exclude, expect="Files: 0 read, 4 as before, 0 gone, 0 passed over.\nPassages: 3, 0 of them new")
        self.write({"a.txt": "bad bad bad bad bad\n\nbad bad bad bad bad bad\n"})
        (self.folder / "c.txt").unlink()
        os.utime(self.folder / "deep/b.txt")
        self.index(*exclude, expect="Files: 1 read, 2 as before, 1 gone, 0 passed over.\nPassages: 3, 2 of them new")
        self.assertEqual({path for path, _, _ in self.places("good")}, {"a.txt", "deep/b.txt"})
        self.index(*exclude, "--rebuild", expect="Files: 3 read, 0 as before")

    def test_broken_files_are_passed_over_and_told(self):
        self.write({"a.txt": "good\n", "latin.txt": b"na\xefve\n", "poison.txt": "poison\n", "binary": b"\x7fELF\0\0",
                    "large.txt": "good\n" * 300000})
        told = r"search: latin.txt is passed over: \[.*\nsearch: poison.txt is passed over: \[.*\n"
        self.index(expect="Files: 1 read, 0 as before, 0 gone, 4 passed over", stderr=told)
        self.assertEqual(self.places("good"), [("a.txt", 1, 1)])
        self.write({"latin.txt": "paris\n", "a.txt": b"\xff"})  # one was mended, one is broken now
        self.index(expect="Files: 1 read, 0 as before, 1 gone, 4 passed over",
                   stderr=told.replace("latin", "a"))
        self.assertEqual(self.places("good"), [("latin.txt", 1, 1)])

    def test_a_run_that_was_killed_goes_on(self):
        count = 400
        self.write({f"{i:03}.txt": "good bad paris anna\n\n" * 40 for i in range(count)})
        process = subprocess.Popen([SEARCH, "index", str(self.folder), "--model", str(EMBEDDER)], stdout=subprocess.DEVNULL)
        self.addCleanup(process.kill)
        while process.poll() is None and self.files_in_index() < 5:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        self.assertEqual(process.wait(), -signal.SIGKILL, "it was done before it could be killed")
        done = self.files_in_index()
        self.assertGreaterEqual(done, 5)
        self.index(expect=f"Files: {count - done} read, {done} as before, 0 gone")
        with sqlite3.connect(self.database) as database:
            self.assertEqual(database.execute("PRAGMA integrity_check").fetchone(), ("ok",))
            kept = database.execute("SELECT file, count(*) FROM passages GROUP BY file").fetchall()
        self.assertEqual((len(kept), len({passages for _, passages in kept})), (count, 1))

    def files_in_index(self):
        try:
            with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as database:
                return database.execute("SELECT count(*) FROM files").fetchone()[0]
        except sqlite3.OperationalError:  # not there yet
            return 0

    def test_progress_on_a_terminal(self):
        self.write({f"{i}.txt": "good\n" for i in range(20)})
        with Terminal("index", self.folder, "--model", EMBEDDER, program=SEARCH) as terminal:
            terminal.expect(r"\d+% ─+  0.txt")
            terminal.expect("Files: 20 read")
            self.assertEqual(terminal.wait(), 0)

    def test_long_lines_and_paragraphs(self):
        self.write({"a.txt": "good bad paris anna\nin\nthe\n\n  is the bad\n\nbob\nin paris\n\n" + "good " * 30 + "\n---\n"})
        self.index(expect="Files: 1 read")
        with sqlite3.connect(self.database) as database:
            rows = database.execute("SELECT first_line, last_line, text FROM passages ORDER BY id").fetchall()
        self.assertEqual(rows[:2], [(1, 5, "good bad paris anna\nin\nthe\n\n  is the bad"), (7, 8, "bob\nin paris")])
        self.assertEqual({row[:2] for row in rows[2:]}, {(10, 10)})
        self.assertEqual(sum(row[2].count("good") for row in rows[2:]), 30)

    def test_wrong_folders_indexes_and_models(self):
        self.refuse("index", "nowhere", says="nowhere")
        self.write({"file": "good\n", "other.db": "this is no database, however long it may be. " * 40})
        self.refuse("index", "file", says=r"\[folder .*got a file, expected a folder")
        self.refuse("index", ".", "--db", "other.db", "--model", EMBEDDER, says=r"\[index .*not a database")
        with sqlite3.connect(self.folder / "stranger.db") as stranger:
            stranger.execute("CREATE TABLE notes(text)")
        self.refuse("index", ".", "--db", "stranger.db", "--rebuild", "--model", EMBEDDER, says="another program's database")
        self.refuse("index", ".", "--model", "no-such-model", says=r"\[model\] path, got no-such-model")
        self.refuse("query", "good", says="is empty; search index fills it")
        self.refuse("query", "good", "--db", "none.db", says="none.db] is not there")
        self.refuse("query", "--top", "0", says="--top", status=2)
        self.index(expect="Files: 2 read")
        self.refuse("query", "good", "--model", TINY, says="expected one that makes the vectors of .*embedder")
        self.refuse("query", "good " * 50, says="tokens, got")


class Query(SearchTest):
    def setUp(self):
        super().setUp()
        self.write({"a.txt": "paris good\n", "b.txt": "bad\n", "sub/c.txt": "the\nin\nanna\n"})
        self.index(expect="3 read")

    def test_hits_are_quoted_with_file_and_lines(self):
        out, err = self.search("query", "good")
        self.assertEqual(err, "")
        self.assertRegex(out, r"^\[1\] a.txt:1-1  \d\.\d{3}\n     1  paris good\n\n\[2\] sub/c.txt:1-3 ")
        self.assertRegex(out, r"\n     1  the\n     2  in\n     3  anna\n\n\[3\] b.txt:1-1  -?\d")
        self.write({"escape.txt": "good \x1b[2J \u009b2J\n" + "good\n" * 20})
        self.index(expect="1 read")
        self.assertNotRegex(self.search("query", "good")[0], "[\x1b\x7f-\x9f]")

    def test_queries_from_stdin(self):
        out, _ = self.search("query", "--json", "--top", "1", stdin="good\n\nbad bad bad\n")
        self.assertEqual([json.loads(line)["query"] for line in out.splitlines()], ["good", "bad bad bad"])

    def test_rerank(self):
        first = self.query("good")["hits"]
        self.assertEqual({"relevance" in hit for hit in first}, {False})
        again = self.query("good", "--rerank", ENCODERS / "reranker")["hits"]
        relevance = [hit["relevance"] for hit in again]
        self.assertEqual(relevance, sorted(relevance, reverse=True))
        self.assertEqual((again[0]["path"], again[-1]["path"]), ("a.txt", "b.txt"))
        self.assertIn(" relevant\n", self.search("query", "good", "--rerank", ENCODERS / "reranker")[0])
        self.refuse("query", "good", "--rerank", EMBEDDER, says="only makes vectors")

    def test_answer(self):
        answer = self.query("good", "--answer", LONG)["answer"]
        self.assertEqual((answer["cited"], answer["given"]), ([], 3))
        self.assertTrue(answer["text"].startswith("Hello world"), answer)
        out, _ = self.search("query", "good", "--answer", LONG)
        self.assertRegex(out, r"Hello world [^\n]*\n\nIt names no sources; it was given the first 3 hits")
        self.search("query", "good", "--answer", TINY, status=1)  # too little room

    def test_the_graph_finds_what_exact_search_finds(self):
        words = "good bad anna bob paris the in is".split()
        texts = {f"t{i}.txt": " ".join(words[i // 8 ** k % 8] for k in range(4)) + "\n" for i in range(300)}
        self.write(texts)
        out = self.index("--graph-from", "200", expect="Graph: finds ")
        self.assertTrue((self.folder / ".erato-search.db.hnsw").exists())
        recall = float(out.split("finds ")[1].split("%")[0])
        self.assertGreater(recall, 50)  # of many equal scores any ten are the nearest
        by_graph, exact = self.query("anna paris"), self.query("anna paris", "--exact")
        self.assertEqual((by_graph["search"], exact["search"]), ("graph", "exact"))
        scores = [[round(hit["score"], 5) for hit in found["hits"]] for found in (by_graph, exact)]
        self.assertEqual(*scores)
        # One that is newer than the graph is found; one that is gone is not.
        gone = by_graph["hits"][0]["path"]
        (self.folder / gone).unlink()
        self.write({"new.txt": "anna paris anna paris anna paris\n"})
        self.assertNotIn("Graph", self.index("--graph-from", "200", expect="Files: 1 read"))
        paths = [hit["path"] for hit in self.query("anna paris", "--top", "300")["hits"]]
        self.assertIn("new.txt", paths)
        self.assertNotIn(gone, paths)
        # A torn file is not read.
        with open(self.folder / ".erato-search.db.hnsw", "r+b") as graph:
            graph.truncate(5000)
        self.assertEqual(self.query("anna")["search"], "exact")
        self.index("--graph-from", "200", expect="Graph: finds ")
        self.index(expect="Files: 0 read")
        self.assertFalse((self.folder / ".erato-search.db.hnsw").exists())


@unittest.skipUnless(MINILM.exists(), "minilm is not in the cache; ./run fetch minilm gets it")
class RealModels(SearchTest):
    model = MINILM

    def setUp(self):
        super().setUp()
        self.write(TEXTS)
        self.index(expect="4 read")

    def test_hits_by_meaning(self):
        for question, path in (("how do I make a loaf", "kitchen/bread.md"), ("release the memory of a linked list", "list.c"),
                               ("Apollo 11 landing", "moon.txt"), ("when to sprinkle plants", "garden.txt")):
            self.assertEqual(self.places(question)[0][0], path, question)
        self.assertEqual(self.places("release the memory of a linked list")[0], ("list.c", 1, 8))

    @unittest.skipUnless(SMOLLM2.exists(), f"{SMOLLM2.name} is not in the cache; ./run fetch smollm2 gets it")
    def test_answer(self):
        result = self.query("In which year did people first walk on the moon?", "--top", "2", "--answer", SMOLLM2)
        self.assertEqual(result["hits"][0]["path"], "moon.txt")
        self.assertIn("1969", result["answer"]["text"])
        self.assertEqual(result["answer"]["given"], 2)
        self.assertLessEqual(set(result["answer"]["cited"]), {1, 2})


if __name__ == "__main__":
    unittest.main(verbosity=2)
