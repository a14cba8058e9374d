#!/usr/bin/env python3
"""The chatbot on a pseudo-terminal and in pipes: what a person sees and what a script gets."""
import json
import os
import pathlib
import tempfile
import unittest

from program import SMOLLM2, TINY, Terminal, erato

PROMPT = r"(?m)^> "


class Pipes(unittest.TestCase):
    def test_an_answer_and_nothing_else(self):
        status, out, err = erato("chat", TINY, "--max-tokens", "5", "--ignore-end", "true", stdin="hello\n")
        self.assertEqual((status, err), (0, ""))
        self.assertTrue(out.endswith("\n"))
        self.assertNotIn("> ", out)
        self.assertNotIn("tokens", out)

    def test_nothing_to_answer(self):
        status, out, err = erato("chat", TINY, stdin="")
        self.assertEqual((status, out), (1, ""))
        self.assertIn("erato: ", err)

    def test_bytes_that_are_no_text(self):
        import subprocess
        from program import COMMAND
        done = subprocess.run([COMMAND, "chat", TINY], input=b"abc\xff\n", capture_output=True, timeout=600)
        self.assertEqual((done.returncode, done.stdout), (1, b""))
        self.assertRegex(done.stderr.decode(), "offset.* 3|3.*offset")

    def test_a_question_beyond_the_context(self):
        status, out, err = erato("chat", TINY, stdin="word " * 20000)
        self.assertEqual((status, out), (1, ""))
        self.assertRegex(err, r"got \d+.*expected.* \d+")


class OnAScreen(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def chat(self, *arguments, model=TINY, env=None, **more):
        terminal = Terminal("chat", model, "--max-tokens", "8", "--seed", "1", *arguments,
                            env={"XDG_CACHE_HOME": self.folder, "HOME": self.folder, **(env or {})}, **more)
        self.addCleanup(terminal.__exit__)
        terminal.expect("Erato ")
        terminal.expect(PROMPT)
        return terminal

    def test_a_turn_and_leaving(self):
        chat = self.chat()
        chat.type("hello\r")
        chat.expect(r"\d+ tokens.*context \d+ of \d+")
        chat.expect(PROMPT)
        chat.type("/quit\r")
        self.assertEqual(chat.wait(), 0)
        self.assertIn(b"\x1b[1m", chat.raw)

    def test_end_of_input_leaves(self):
        chat = self.chat()
        chat.type("\x04")
        self.assertEqual(chat.wait(), 0)

    def test_no_color(self):
        chat = self.chat(env={"NO_COLOR": "1"})
        chat.type("hello\r")
        chat.expect("tokens")
        chat.type("/quit\r")
        self.assertEqual(chat.wait(), 0)
        self.assertNotRegex(chat.raw, rb"\x1b\[[0-9;]*m")

    def test_control_c_gives_a_line_up_and_twice_leaves(self):
        chat = self.chat()
        chat.type("never asked\x03")
        chat.expect("Ctrl-C once more")
        chat.expect(PROMPT)
        chat.type("/stats\r")
        chat.expect(r"context +\d+ of")
        chat.expect(PROMPT)
        chat.type("\x03")
        chat.expect("Ctrl-C once more")
        chat.expect(PROMPT)
        chat.type("\x03")
        self.assertEqual(chat.wait(), 130)

    def test_help_and_unknown_commands(self):
        chat = self.chat()
        chat.type("/help\r")
        for name in "new system set stats save load quit".split():
            chat.expect("/" + name)
        chat.type("/stat\r")
        chat.expect("Did you mean /stats")
        chat.type("/sta\t\r")
        chat.expect(r"memory +\d+ MiB")

    def test_set(self):
        chat = self.chat()
        chat.type("/set temperature 0.25\r")
        chat.expect("temperature is 0.25")
        chat.type("/set temperature hot\r")
        chat.expect("temperature.*got.*hot|hot.*expected")
        chat.type("/set warmth 3\r")
        chat.expect("warmth")
        chat.type("/set\r")
        chat.expect(r"temperature +0\.25")

    def test_save_and_load(self):
        chat = self.chat()
        file = pathlib.Path(self.folder, "chat.json")
        chat.type("/system Be brief.\r")
        chat.expect("system message is set")
        chat.type("hello\r")
        chat.expect("context")
        chat.type(f"/save {file}\r")
        chat.expect("Saved")
        saved = json.loads(file.read_text())
        self.assertEqual(saved[0], {"role": "system", "content": "Be brief."})
        self.assertEqual(saved[1], {"role": "user", "content": "hello"})
        chat.type("/new\r")
        chat.expect("new chat")
        chat.type(f"/load {file}\r")
        chat.expect(rf"after {len(saved)} messages")
        chat.type(f"/save {file}2\r")
        chat.expect("Saved")
        self.assertEqual(json.loads(pathlib.Path(f"{file}2").read_text()), saved)
        for wrong in ("/load /nowhere/file", "/save /nowhere/file", "/load", "/save"):
            chat.type(wrong + "\r")
            chat.expect("cannot|needs")
            chat.expect(PROMPT)
        file.write_text("{\"no\": \"chat\"}")
        chat.type(f"/load {file}\r")
        chat.expect("expected")

    def test_several_lines(self):
        chat = self.chat()
        file = pathlib.Path(self.folder, "chat.json")
        chat.type("one\\\r")
        chat.expect(r"(?m)^\. ")
        chat.type("two\r")
        chat.expect("context")
        chat.type('"""three\r')
        chat.expect(r"(?m)^\. ")
        chat.type('four"""\r')
        chat.expect("context")
        chat.type(f"/save {file}\r")
        chat.expect("Saved")
        asked = [message["content"] for message in json.loads(file.read_text()) if message["role"] == "user"]
        self.assertEqual(asked, ["one\ntwo", "three\nfour"])

    def test_history_comes_back(self):
        chat = self.chat()
        chat.type("/set seed 5\r")
        chat.expect("seed is 5")
        chat.expect(PROMPT)
        chat.type("/quit\r")
        chat.wait()
        chat = self.chat()
        chat.type("\x1b[A\x1b[A\r")
        chat.expect("seed is 5")
        self.assertEqual(os.stat(os.path.join(self.folder, "erato", "history")).st_mode & 0o077, 0)

    def test_answers_wrap(self):
        chat = self.chat("--max-tokens", "60", "--ignore-end", "true", columns=30, env={"NO_COLOR": "1"})
        chat.type("hello\r")
        chat.expect("context")
        answer = chat.text().split("> hello\n", 1)[1].rsplit("\n", 1)[0]
        self.assertLess(max(map(len, answer.split("\n")[:-1])), 30)


@unittest.skipUnless(SMOLLM2.exists(), f"{SMOLLM2.name} is not in the cache; ./run fetch smollm2 gets it")
class RealModelOnAScreen(unittest.TestCase):
    def test_control_c_keeps_the_partial_answer(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "chat.json")
            with Terminal("chat", SMOLLM2, "--temperature", "0", "--ignore-end", "true",
                          env={"XDG_CACHE_HOME": folder, "NO_COLOR": "1"}) as chat:
                chat.expect(PROMPT)
                chat.type("Write a long story about a fox.\r")
                chat.expect(r"fox[^\n]*\n(.|\n)*[a-z]+ [a-z]+ [a-z]+")
                chat.type("\x03")
                chat.expect(r"stopped, \d+ tokens")
                chat.expect(PROMPT)
                chat.type(f"/save {file}\r")
                chat.expect("Saved")
                chat.type("/quit\r")
                self.assertEqual(chat.wait(), 0)
            saved = json.loads(file.read_text())
            self.assertEqual([message["role"] for message in saved][-2:], ["user", "assistant"])
            self.assertGreater(len(saved[-1]["content"].split()), 2)
            shown = " ".join(chat.text().split())
            self.assertIn(" ".join(saved[-1]["content"].split())[:40], shown)


if __name__ == "__main__":
    unittest.main(verbosity=2)
