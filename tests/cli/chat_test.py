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


    def test_json_and_a_file(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "notes.txt")
            file.write_text("Some notes.")
            status, out, err = erato("chat", TINY, "--temperature", "0", "--json", "--file", file, stdin="hello\n")
            self.assertEqual((status, err), (0, ""))
            answer = json.loads(out)
            self.assertEqual((answer["text"], answer["reasoning"], answer["finish"]), ("Hello world \U0001F600!", "", "stop"))
            alone = json.loads(erato("chat", TINY, "--temperature", "0", "--json", stdin="hello\n")[1])
            self.assertGreater(answer["prompt_tokens"], alone["prompt_tokens"])
        status, out, err = erato("chat", TINY, "--file", "/nowhere/file", stdin="hello\n")
        self.assertEqual((status, out), (1, ""))

    def test_defaults_are_mild_and_the_line_wins(self):
        answers = {erato("chat", TINY, "--seed", str(seed), stdin="hello\n")[1] for seed in range(3)}
        self.assertEqual(answers, {"Hello world \U0001F600!\n"})
        wild = erato("chat", TINY, "--seed", "1", "--temperature", "50", "--top-k", "0", "--top-p", "1", "--max-tokens", "20",
                     stdin="hello\n")[1]
        self.assertNotEqual(wild, "Hello world \U0001F600!\n")


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
        for name in "new system set stats save load retry continue undo edit export tokens template model think quit".split():
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

    def messages(self, chat):
        file = pathlib.Path(self.folder, "probe.json")
        chat.type(f"/save {file}\r")
        chat.expect("Saved")
        chat.expect(PROMPT)
        return json.loads(file.read_text())

    def ask(self, chat, text):
        chat.type(text + "\r")
        chat.expect(r"context \d+\s+of\s+\d+")
        chat.expect(PROMPT)

    def test_undo_and_retry(self):
        chat = self.chat()
        for command in ("/undo", "/retry", "/continue"):
            chat.type(command + "\r")
            chat.expect("there is (nothing|no question|no answer)")
            chat.expect(PROMPT)
        self.ask(chat, "one")
        self.ask(chat, "two")
        before = self.messages(chat)
        self.ask(chat, "/retry")
        self.assertEqual([m["role"] for m in self.messages(chat)], [m["role"] for m in before])
        chat.type("/undo\r")
        chat.expect("Taken back: two")
        chat.expect(PROMPT)
        self.assertEqual(self.messages(chat), before[:2])

    def test_continue(self):
        chat = self.chat("--temperature", "0", "--max-tokens", "2")
        self.ask(chat, "one")
        self.assertEqual(self.messages(chat)[-1]["content"], "Hello wor")
        self.ask(chat, "/continue")
        self.assertTrue(self.messages(chat)[-1]["content"].startswith("Hello wor"))
        self.assertGreater(len(self.messages(chat)[-1]["content"]), len("Hello wor"))
        self.assertEqual(len(self.messages(chat)), 2)
        self.ask(chat, "two")
        self.assertEqual(len(self.messages(chat)), 4)

    def test_edit(self):
        editor = pathlib.Path(self.folder, "editor")
        editor.write_text("#!/bin/sh\nsed -i s/one/another/ \"$1\"\n")
        editor.chmod(0o755)
        chat = self.chat(env={"EDITOR": str(editor), "VISUAL": ""})
        self.ask(chat, "one thing")
        self.ask(chat, "/edit")
        asked = [m["content"] for m in self.messages(chat) if m["role"] == "user"]
        self.assertEqual(asked, ["another thing"])
        editor.write_text("#!/bin/sh\nexit 3\n")
        chat.type("/edit\r")
        chat.expect("failed")
        chat.expect(PROMPT)
        self.assertEqual([m["content"] for m in self.messages(chat) if m["role"] == "user"], asked)

    def test_export(self):
        chat = self.chat("--temperature", "0")
        self.ask(chat, "one")
        file = pathlib.Path(self.folder, "chat.md")
        chat.type(f"/export {file}\r")
        chat.expect("Exported")
        self.assertEqual(file.read_text(), "**You:** one\n\n**Erato:** Hello world \U0001F600!\n")
        chat.type(f"/export {file}.json\r")
        chat.expect("Saved")
        self.assertEqual(len(json.loads(pathlib.Path(f"{file}.json").read_text())), 2)

    def test_tokens_and_template(self):
        chat = self.chat()
        chat.type("/tokens he!\r")
        chat.expect(r"\d+  'he'")
        chat.expect(r"\d+  '!'")
        chat.expect("2 tokens")
        chat.type("/tokens\r")
        chat.expect(r"\d+ tokens")
        chat.type("/template\r")
        chat.expect(r"for message in messages")
        chat.expect("add_generation_prompt")

    def test_model(self):
        models = pathlib.Path(self.folder, "erato", "models")
        chat = self.chat()
        chat.type("/model\r")
        chat.expect("no models")
        models.mkdir(parents=True)
        (models / "small.gguf").symlink_to(TINY)
        self.ask(chat, "one")
        chat.type("/model\r")
        chat.expect("1  small.gguf")
        chat.expect(PROMPT)
        chat.type("/model 1\r")
        chat.expect("Erato .*Tiny")
        chat.expect(PROMPT)
        self.ask(chat, "two")
        self.assertEqual(len(self.messages(chat)), 4)
        chat.type("/model nothing\r")
        chat.expect("nothing")
        chat.expect(PROMPT)
        self.ask(chat, "three")

    def test_completion(self):
        chat = self.chat()
        chat.type("/set tempe\t0.5\r")
        chat.expect("temperature is 0.5")
        chat.type("/th\t\r")
        chat.expect("Thinking is hidden")

    def test_chats_are_kept(self):
        chat = self.chat("--temperature", "0")
        self.ask(chat, "one")
        chat.type("/quit\r")
        chat.wait()
        chat = self.chat("--temperature", "0", "--resume")
        self.assertEqual([m["content"] for m in self.messages(chat)], ["one", "Hello world \U0001F600!"])
        chat.type("/quit\r")
        chat.wait()
        for rounds in (2, 4):
            chat = self.chat("--session", "work")
            self.ask(chat, "again")
            self.assertEqual(len(self.messages(chat)), rounds)
            chat.type("/quit\r")
            chat.wait()
        folder = os.path.join(self.folder, "erato", "sessions")
        self.assertEqual(sorted(os.listdir(folder)), ["last.json", "work.json"])
        self.assertEqual(os.stat(folder).st_mode & 0o077, 0)

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
