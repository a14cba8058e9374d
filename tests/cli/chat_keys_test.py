#!/usr/bin/env python3
"""The chatbot's line: editing, history, pastes, completion, a window that changes."""
import os
import signal
import unittest

from program import PROMPT, ChatTest


class Lines(ChatTest):
    def test_editing(self):
        chat = self.chat()
        chat.type("tree wrds\x1b[D\x1b[D\x1b[Do\x01th\x1b[C\x1b[3~\x05!\r")  # left, Ctrl-A, right, Delete, Ctrl-E
        chat.expect("context")
        chat.expect(PROMPT)
        self.assertEqual(self.questions(chat), ["thtee words!"])

    def test_wide_characters(self):
        chat = self.chat()
        chat.type("日本\x1b[D語\r")
        chat.expect("context")
        chat.expect(PROMPT)
        self.assertEqual(self.questions(chat), ["日語本"])

    def test_several_lines(self):
        chat = self.chat()
        chat.type("one\\\r")
        chat.expect(r"(?m)^\. ")
        self.ask(chat, "two")
        chat.type('"""three\r')
        chat.expect(r"(?m)^\. ")
        chat.type("\r")
        chat.expect(r"(?m)^\. ")
        self.ask(chat, 'four"""')
        self.ask(chat, '"""five"""')
        self.assertEqual(self.questions(chat), ["one\ntwo", "three\n\nfour", "five"])

    def test_control_c_gives_all_of_them_up(self):
        chat = self.chat()
        chat.type('"""one\r')
        chat.expect(r"(?m)^\. ")
        self.do(chat, "two\x03", r"\^C", enter="")
        self.ask(chat, "three")
        self.assertEqual(self.questions(chat), ["three"])

    def test_a_very_long_line(self):
        chat = self.chat(columns=60)
        text = "".join(chr(ord("a") + i % 26) for i in range(6000))
        self.do(chat, "/system " + text, "The system message is set")
        self.assertEqual(self.messages(chat)[0]["content"], text)

    def test_control_z_keeps_the_line(self):
        chat = self.chat()
        chat.type("one \x1a")
        os.kill(chat.pid, signal.SIGCONT)  # should the system have stopped it
        self.ask(chat, "two")
        self.assertEqual(self.questions(chat), ["one two"])

    def test_a_window_that_changes_while_a_line_is_typed(self):
        chat = self.chat(columns=60)
        chat.type("words " * 20)
        chat.expect("(words ){8}")
        for columns in (30, 100, 25):
            chat.resize(columns)
            chat.expect("> words words")  # drawn anew
        self.ask(chat, "end")
        self.assertEqual(self.questions(chat), ["words " * 20 + "end"])


class Pastes(ChatTest):
    def test_lines_are_one_message(self):
        chat = self.chat()
        chat.type("see: ")
        chat.paste("one\r\ntwo\rthree\n\n\tfour\r\n")
        self.ask(chat, " end")
        self.assertEqual(self.questions(chat), ["see: one\ntwo\nthree\n\n\tfour end"])

    def test_nothing_in_a_paste_is_a_key(self):
        chat = self.chat()
        chat.paste("a\x03b\x04c\x1b[Ad\x07e\x7f")
        self.ask(chat, "")
        self.assertEqual(self.questions(chat), ["abc[Ade"])

    def test_bytes_that_are_no_text(self):
        chat = self.chat()
        chat.paste(b"a\xffb\xc3\xe6\x97c\xed\xa0\x80d")
        self.ask(chat, "")
        self.assertEqual(self.questions(chat), ["a\ufffdb\ufffd\ufffd\ufffdc\ufffd\ufffd\ufffdd"])
        chat.type(b"\xffx")  # typed ones as well
        self.ask(chat, "")
        self.assertEqual(self.questions(chat)[1:], ["\ufffdx"])

    def test_more_lines_than_the_window_has(self):
        chat = self.chat(rows=10)
        text = "\n".join(f"{i}" for i in range(40))
        chat.paste(text)
        chat.expect("39")
        self.ask(chat, "\x1b[D")  # left: still one line that can be edited
        self.assertEqual(self.questions(chat), [text])

    def test_quotes_of_its_own_open_no_block(self):
        chat = self.chat()
        code = '"""About f."""\ndef f(): pass'
        chat.paste(code)
        self.ask(chat, "")
        chat.type('"""')
        chat.paste("one\ntwo")
        self.ask(chat, '"""')
        self.assertEqual(self.questions(chat), [code, "one\ntwo"])

    def test_a_whole_book(self):
        chat = self.chat()
        text = "".join(f"line {i} of a long paste\n" for i in range(20000))
        chat.type("/system ")
        chat.paste(text)
        self.do(chat, ".", "The system message is set")
        self.assertEqual(self.messages(chat)[0]["content"], text.strip() + ".")

    def test_it_is_asked_for_and_given_back(self):
        chat = self.chat()
        self.assertEqual(chat.raw.count(b"\x1b[?2004h"), 1)
        chat.type("/quit\r")
        chat.wait()
        self.assertEqual(chat.raw.count(b"\x1b[?2004l"), 1)


class History(ChatTest):
    def test_it_comes_back_in_the_next_chat(self):
        chat = self.chat()
        self.do(chat, "/set seed 5", "seed is 5")
        chat.type("/quit\r")
        chat.wait()
        chat = self.chat()
        chat.type("\x1b[A\x1b[A\r")
        chat.expect("seed is 5")
        file = self.file("erato/history")
        self.assertEqual(os.stat(file).st_mode & 0o077, 0)

    def test_it_is_kept_whatever_ends_the_chat(self):
        chat = self.chat()
        self.do(chat, "/set seed 6", "seed is 6")
        os.kill(chat.pid, signal.SIGKILL)
        chat.wait()
        chat = self.chat()
        chat.type("\x1b[A\r")
        chat.expect("seed is 6")

    def test_search(self):
        chat = self.chat()
        self.do(chat, "/set seed 7", "seed is 7")
        self.do(chat, "/set top_k 9", "top_k is 9")
        chat.type("\x12seed")
        chat.expect("seed 7")
        chat.type("\r")
        chat.expect("seed is 7")

    def test_messages_of_several_lines_are_one_entry(self):
        chat = self.chat()
        chat.type('"""one\r')
        chat.expect(r"(?m)^\. ")
        self.ask(chat, 'two"""')
        self.ask(chat, "\x1b[A")
        self.assertEqual(self.questions(chat), ["one\ntwo", "one\ntwo"])


class Completion(ChatTest):
    def test_commands_and_options(self):
        chat = self.chat()
        self.do(chat, "/set tempe\t0.5", "temperature is 0.5")
        self.do(chat, "/th\t", "Thinking is hidden")
        self.do(chat, "/sta\t", "context")

    def test_what_is_not_sure_is_listed(self):
        chat = self.chat()
        chat.type("/set top_\t")
        chat.expect(r"top_k +top_p +top_n_sigma\n")
        chat.expect("> /set top_")
        chat.type("k 3\r")
        chat.expect("top_k is 3")

    def test_files(self):
        chat = self.chat()
        self.file("notes.txt", "Some notes.")
        self.do(chat, f"/file {self.folder}/no\t", r"notes.txt, \d+ tokens, stands before")
        self.do(chat, "/file ~/no\t", r"notes.txt, \d+ tokens, stands before")

    def test_text_is_left_alone(self):
        chat = self.chat()
        self.ask(chat, "a\tb")
        self.assertEqual(self.questions(chat), ["ab"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
