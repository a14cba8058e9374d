#!/usr/bin/env python3
"""The chatbot on a pseudo-terminal: from its start to its end, whatever the terminal does."""
import json
import os
import pathlib
import re
import shutil
import signal
import unittest

from program import ANSWER, COMMAND, LONG, PROMPT, SLOW_FILES, THINKING, TINY, ChatTest, Terminal, columns_of

RICH = """# Title

Some **strong words** and `code`.

- a list with one item that is far too long for a line of a narrow window
- 日本語のテキストは、どこでも折り返すことができます。それは便利なことです。

| Tea | Minutes |
|-----|--------:|
| green | 2 |

```python
x = 2 ** 3
```
"""


class Start(ChatTest):
    def test_the_banner_tells_model_device_context_and_memory(self):
        chat = self.chat()
        self.assertRegex(chat.text(), r"Erato \d+\.\d+\.\d+  Tiny\ncpu .*MiB of weights; context 256 tokens, \d+ MiB when full\.\n")

    def test_a_slow_disk_shows_a_bar_and_the_chat_begins(self):
        chat = self.chat(env=SLOW_FILES)
        self.assertRegex(chat.text(), r"Loading tiny \[[#.]{30}\] +\d+ %")
        self.assertRegex(chat.raw, rb"\r\x1b\[K(\x1b\[[0-9;]*m)?Erato")  # the bar is gone

    def test_control_c_stops_loading(self):
        with Terminal("chat", TINY, env=self.home(SLOW_FILES)) as chat:
            chat.expect("Loading tiny")
            chat.type("\x03")
            self.assertEqual(chat.wait(), 130)
            self.assertNotIn("Erato", chat.text())
            self.assertTrue(chat.is_sane())

    def test_a_dumb_terminal_gets_one_plain_line(self):
        chat = self.chat(env={**SLOW_FILES, "TERM": "dumb"})
        self.assertEqual(chat.text().count("Loading tiny …\n"), 1)
        self.assertNotIn(b"\x1b", chat.raw)

    def test_a_model_that_is_not_there(self):
        with Terminal("chat", "/nowhere/model.gguf", env=self.home()) as chat:
            self.assertEqual(chat.wait(), 1)
            self.assertIn("erato: ", chat.text())
            self.assertTrue(chat.is_sane())


class End(ChatTest):
    def test_a_turn_and_leaving(self):
        chat = self.chat()
        self.do(chat, "hello", r"6 tokens, \d+ a second, first after \d+\.\d\d s, context \d+ of \d+")
        self.assertIn("\n" + ANSWER + "\n", chat.shown())
        chat.type("/quit\r")
        self.assertEqual(chat.wait(), 0)
        self.assertTrue(chat.is_sane())

    def test_end_of_input_leaves(self):
        chat = self.chat()
        chat.type("\x04")
        self.assertEqual(chat.wait(), 0)
        self.assertTrue(chat.is_sane())

    def test_control_c_twice_leaves(self):
        chat = self.chat()
        self.do(chat, "\x03", "Ctrl-C once more", enter="")
        self.do(chat, "/stats", "context")
        self.do(chat, "\x03", "Ctrl-C once more", enter="")
        chat.type("\x03")
        self.assertEqual(chat.wait(), 130)
        self.assertTrue(chat.is_sane())

    def test_two_at_once_leave(self):
        chat = self.chat()
        chat.type("\x03\x03")
        self.assertEqual(chat.wait(), 130)

    def test_control_c_gives_a_line_up_and_no_more(self):
        chat = self.chat()
        for _ in range(3):
            self.do(chat, "never asked\x03", r"\^C", enter="")
        self.assertNotIn("once more", chat.text())
        self.ask(chat, "asked")
        self.assertEqual(self.questions(chat), ["asked"])

    def test_signals_leave_the_terminal_as_it_was(self):
        for number in (signal.SIGTERM, signal.SIGHUP):
            chat = self.chat()
            self.assertFalse(chat.is_sane())  # keys are read one by one
            chat.type("half a li")
            chat.expect("half a li")
            os.kill(chat.pid, number)
            self.assertEqual(chat.wait(), 128 + number)
            self.assertTrue(chat.is_sane())
            self.assertIn(b"\x1b[?2004l", chat.raw[chat.raw.rindex(b"half a li"):])

    def test_a_signal_during_an_answer(self):
        chat = self.chat("--ignore-end", "true", "--max-tokens", "0", model=LONG)
        chat.type("hello\r")
        chat.expect("Hello")
        os.kill(chat.pid, signal.SIGTERM)
        self.assertEqual(chat.wait(), 128 + signal.SIGTERM)
        self.assertTrue(chat.is_sane())


class Answers(ChatTest):
    def test_control_c_stops_an_answer_and_keeps_it(self):
        chat = self.chat("--ignore-end", "true", "--max-tokens", "0", model=LONG)
        chat.type("hello\r")
        chat.expect("Hello world")
        chat.type("\x03")
        chat.expect(r"stopped, \d+ tokens")
        chat.expect(PROMPT)
        kept = self.messages(chat)
        self.assertEqual([message["role"] for message in kept], ["user", "assistant"])
        self.assertTrue(kept[1]["content"].startswith("Hello world"))
        self.ask(chat, "/set max_tokens 3\r/retry")  # it goes on as ever

    def test_control_c_while_the_question_is_read(self):
        chat = self.chat("--step-tokens", "16", model=LONG)
        self.do(chat, f"/file {self.file('notes', 'x' * 29000)}", r"29000 tokens, stands before")
        chat.type("hello\r")
        chat.expect("Reading …")
        chat.type("\x03")
        chat.expect("stopped before the answer began")
        chat.expect(PROMPT)
        self.assertEqual(self.messages(chat), [])

    def test_what_is_typed_meanwhile_comes_next(self):
        chat = self.chat("--ignore-end", "true", "--max-tokens", "600", model=LONG)
        chat.type("one\r")
        chat.expect("Hello")
        chat.type("/stats\r")
        chat.expect(r"600 tokens")
        chat.expect(r"> /stats")
        chat.expect(r"answers +1, 600 tokens")

    def test_answers_wrap(self):
        chat = self.chat("--max-tokens", "60", "--ignore-end", "true", columns=30, env={"NO_COLOR": "1"})
        self.ask(chat, "hello")
        answer = chat.shown().split("> hello\n", 1)[1].rsplit("\n", 2)[0]
        self.assertGreater(answer.count("\n"), 1)
        self.assertLess(max(map(columns_of, answer.split("\n"))), 30)

    def test_a_window_that_becomes_narrower_during_an_answer(self):
        chat = self.chat("--ignore-end", "true", "--max-tokens", "0", model=LONG, env={"NO_COLOR": "1"}, columns=100)
        chat.type("hello\r")
        chat.expect(r"Hello[^\n]*\n[^\n]*\n")
        chat.resize(30)
        before = len(chat.text())
        while len(chat.text()) < before + 2000 and chat.read(10):
            pass
        chat.type("\x03")
        chat.expect("stopped")
        lines = chat.text()[before:].split("\n")
        self.assertLess(max(map(columns_of, lines[-8:])), 30)

    def test_thinking_is_shown_dim_with_a_title_or_hidden(self):
        chat = self.chat("--max-tokens", "20", model=THINKING)
        self.ask(chat, "hello")
        self.assertIn("> hello\nThinking:\nwhy not\n\nYes!\n9 tokens (4 thinking), ", chat.shown())
        self.assertIn(b"\x1b[0;2mwhy not\x1b[0m", chat.raw)
        self.do(chat, "/think", "Thinking is hidden")
        self.ask(chat, "again")
        self.assertIn("> again\nThinking …\n\nYes!\n", chat.shown())
        saved = self.messages(chat)
        self.assertEqual([saved[1]["content"], saved[1]["reasoning_content"]], ["**Yes**!", "why not"])


class Memory(ChatTest):
    @unittest.skipUnless(shutil.which("valgrind"), "valgrind is not here")
    @unittest.skipIf(b"__asan_init" in pathlib.Path(COMMAND).read_bytes(), "AddressSanitizer looks already")
    def test_valgrind_finds_nothing(self):
        with Terminal("--error-exitcode=99", "--leak-check=full", "--errors-for-leak-kinds=definite", "--log-file=/dev/null",
                      COMMAND, "chat", THINKING, "--temperature", "0", env=self.home(), program=shutil.which("valgrind")) as chat:
            chat.expect(PROMPT)
            self.ask(chat, "hello")
            chat.paste("one\r\n\ttwo \u65e5")
            self.ask(chat, "")
            saved = self.file("rich.json", json.dumps([{"role": "user", "content": "Show."}, {"role": "assistant", "content": RICH[:150]}]))
            for command, shown in ((f"/load {saved}", "goes on"), ("/context", "free"), ("/stats", "memory"), ("/set top_\t", "top_n_sigma"),
                                   ("\x12hel", "tokens"), ("/undo", "Taken back"), ("/model", "no models"), ("/tokens a b", "3 tokens")):
                self.do(chat, command, shown)
            chat.type("/quit\r")
            self.assertEqual(chat.wait(), 0)


class Looks(ChatTest):
    def show(self, **more):
        """What a chat with a rich answer looks like."""
        saved = self.file("rich.json", json.dumps([{"role": "user", "content": "Show it."}, {"role": "assistant", "content": RICH}]))
        chat = self.chat(**more)
        start = len(chat.raw)
        self.do(chat, f"/load {saved}", r"The chat\s+goes on")
        return chat, chat.raw[start:]

    def test_markdown(self):
        chat, raw = self.show()
        for styled in (b"\x1b[0;1;4mTitle\x1b[0m", b"\x1b[0;1mstrong words", b"\x1b[0;35mcode", "• a list".encode(),
                       "\x1b[0;2m─┼─".encode()[:8], b"\x1b[0;2m```python\x1b[0m", b"x = 2 ** 3"):
            self.assertIn(styled, raw)
        self.assertNotIn("**strong", chat.text())
        shown = raw[raw.index(b"Show it."):raw.index(b"The chat goes on")]
        self.assertNotRegex(shown, rb"\r[^\n]|\x08|\x1b\[[0-9;]*[^m0-9;]")  # nothing moves back: nothing flickers
        self.assertRegex(chat.text(), r"green +│ +2\n")
        self.assertRegex(chat.text(), r"a line of a\n?")

    def test_plain_text_stays_as_it_was_written(self):
        for env in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
            chat, raw = self.show(env=env)
            self.assertNotRegex(raw, rb"\x1b\[[0-9;]*m")
            text = chat.text()
            for line in ("# Title", "Some **strong words** and `code`.", "| Tea | Minutes |", "```python"):
                self.assertIn("\n" + line + "\n", text)

    def test_a_dumb_terminal_gets_no_escape_sequence_at_all(self):
        chat = self.chat(env={"TERM": "dumb"})
        self.ask(chat, "hello")
        self.do(chat, "/help", "/quit")
        chat.type("/quit\r")
        self.assertEqual(chat.wait(), 0)
        self.assertNotIn(b"\x1b", chat.raw)

    def test_wide_characters_and_narrow_windows(self):
        for columns in (12, 20, 40, 200):
            chat, _ = self.show(columns=columns)
            answer = chat.text().rsplit("> Show it.\n", 1)[1].rsplit("The chat", 1)[0]
            for line in answer.split("\n"):
                if "python" not in line:
                    self.assertLess(columns_of(line), columns, line)
            self.assertEqual(re.sub(r"\s", "", answer).count("折り返すことができます"), 1)

    def test_help_fits_the_window(self):
        for columns in (40, 80, 200):
            chat = self.chat(columns=columns)
            self.do(chat, "/help", "leave")
            shown = chat.text().rsplit("> /help\n", 1)[1].rsplit("\n", 1)[0]
            self.assertLess(max(map(columns_of, shown.split("\n"))), columns)


if __name__ == "__main__":
    unittest.main(verbosity=2)
