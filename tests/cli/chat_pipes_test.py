#!/usr/bin/env python3
"""The chatbot in pipes: what a script gets, and nothing else."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from program import ANSWER, COMMAND, THINKING, TINY, Terminal, erato


class Pipes(unittest.TestCase):
    def test_an_answer_and_nothing_else(self):
        status, out, err = erato("chat", TINY, "--max-tokens", "5", "--ignore-end", "true", stdin="hello\n")
        self.assertEqual((status, err), (0, ""))
        self.assertTrue(out.endswith("\n"))
        for noise in ("> ", "tokens", "\x1b", "\r", "Reading", "Loading"):
            self.assertNotIn(noise, out)

    def test_nothing_to_answer(self):
        for stdin in ("", "\n\n"):
            status, out, err = erato("chat", TINY, stdin=stdin)
            self.assertEqual((status, out), (1, ""))
            self.assertIn("erato: ", err)

    def test_bytes_that_are_no_text(self):
        done = subprocess.run([COMMAND, "chat", TINY], input=b"abc\xff\n", capture_output=True, timeout=600)
        self.assertEqual((done.returncode, done.stdout), (1, b""))
        self.assertRegex(done.stderr.decode(), "offset.* 3|3.*offset")

    def test_a_question_beyond_the_context(self):
        status, out, err = erato("chat", TINY, stdin="word " * 20000)
        self.assertEqual((status, out), (1, ""))
        self.assertRegex(err, r"got \d+.*expected.* \d+")

    def test_json_and_a_file(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "notes.txt")
            file.write_text("Some notes.")
            status, out, err = erato("chat", TINY, "--temperature", "0", "--json", "--file", file, stdin="hello\n")
            self.assertEqual((status, err), (0, ""))
            answer = json.loads(out)
            self.assertEqual((answer["text"], answer["reasoning"], answer["finish"]), (ANSWER, "", "stop"))
            alone = json.loads(erato("chat", TINY, "--temperature", "0", "--json", stdin="hello\n")[1])
            self.assertGreater(answer["prompt_tokens"], alone["prompt_tokens"])
        status, out, err = erato("chat", TINY, "--file", "/nowhere/file", stdin="hello\n")
        self.assertEqual((status, out), (1, ""))

    def test_thinking_is_apart(self):
        status, out, err = erato("chat", THINKING, "--temperature", "0", stdin="hello\n")
        self.assertEqual((status, out, err), (0, "**Yes**!\n", ""))
        answer = json.loads(erato("chat", THINKING, "--temperature", "0", "--json", stdin="hello\n")[1])
        self.assertEqual((answer["text"], answer["reasoning"]), ("**Yes**!", "why not"))
        inline = erato("chat", THINKING, "--temperature", "0", "--reasoning-format", "inline", stdin="hello\n")[1]
        self.assertEqual(inline, "<think>why not</think>\n\n**Yes**!\n")

    def test_defaults_are_mild_and_the_line_wins(self):
        answers = {erato("chat", TINY, "--seed", str(seed), stdin="hello\n")[1] for seed in range(3)}
        self.assertEqual(answers, {ANSWER + "\n"})
        wild = erato("chat", TINY, "--seed", "1", "--temperature", "50", "--top-k", "0", "--top-p", "1", "--max-tokens", "20",
                     stdin="hello\n")[1]
        self.assertNotEqual(wild, ANSWER + "\n")

    def test_a_model_by_its_name_in_the_cache(self):
        with tempfile.TemporaryDirectory() as folder:
            models = pathlib.Path(folder, "erato", "models")
            models.mkdir(parents=True)
            (models / "small.gguf").symlink_to(TINY)
            for name in ("small", "small.gguf"):
                status, out, _ = erato("chat", name, "--temperature", "0", stdin="hi", env={"XDG_CACHE_HOME": folder})
                self.assertEqual((status, out), (0, ANSWER + "\n"))

    def test_a_template_in_place_of_the_models_own(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "chat.jinja")
            file.write_text("{{ messages[0]['content'] }}{{ '\\n' }}")
            answer = json.loads(erato("chat", TINY, "--temperature", "0", "--json", "--template", file, stdin="hi")[1])
            self.assertEqual((answer["text"], answer["prompt_tokens"]), (ANSWER, 3))
            file.write_text("{% if")
            status, out, err = erato("chat", TINY, "--template", file, stdin="hi")
            self.assertEqual((status, out), (1, ""))
            self.assertIn("template", err)

    def test_a_closed_stdout_is_an_error(self):
        done = subprocess.run(["sh", "-c", f"echo hello | '{COMMAND}' chat '{TINY}' >&-"], capture_output=True, timeout=600)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"stdout", done.stderr)

    def test_a_reader_that_has_gone_ends_it(self):
        done = subprocess.run(["bash", "-c", f"echo hello | '{COMMAND}' chat '{TINY}' | true; echo ${{PIPESTATUS[1]}}"],
                              capture_output=True, timeout=600)
        self.assertIn(done.stdout.strip(), (b"141", b"0"))  # SIGPIPE, unless the answer was faster
        self.assertEqual(done.stderr, b"")

    def test_a_full_disk_is_an_error(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("the system has no /dev/full")
        with open("/dev/full", "w") as full:
            done = subprocess.run([COMMAND, "chat", TINY], input=b"hello", stdout=full, stderr=subprocess.PIPE, timeout=600)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"stdout", done.stderr)

    def test_exit_codes(self):
        self.assertEqual(erato("chat", "/nowhere/model", stdin="x")[0], 1)
        self.assertEqual(erato("chat", TINY, "--nonsense", stdin="x")[0], 2)
        self.assertEqual(erato("chat", TINY, "--temperature", "hot", stdin="x")[0], 2)
        status, out, _ = erato("chat", "--help")
        self.assertEqual(status, 0)
        self.assertRegex(out, "(?s)Ends with 0.* 1 .* 2 .* 130")

    def test_services_that_are_not_there_are_refused(self):
        for option in (["--schema", "x.json"], ["--image", "x.png"], ["--moderate"], ["--watermark"]):
            self.assertEqual(erato("chat", TINY, *option, stdin="x")[0], 2)

    def test_from_a_pipe_to_a_screen(self):
        command = f"echo hello | '{COMMAND}' chat '{THINKING}' --temperature 0"
        with Terminal("-c", command, program="/bin/sh") as screen:
            self.assertEqual(screen.wait(), 0)
        self.assertEqual(screen.text(), "Thinking:\nwhy not\n\nYes!\n")
        self.assertIn(b"\x1b[0;1mYes", screen.raw)


if __name__ == "__main__":
    unittest.main(verbosity=2)
