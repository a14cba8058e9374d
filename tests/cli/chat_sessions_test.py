#!/usr/bin/env python3
"""Chats that outlive the program: kept, saved, loaded, exported."""
import json
import os
import pathlib
import unittest

from program import ANSWER, PROMPT, TINY, ChatTest, Terminal


class Sessions(ChatTest):
    def leave(self, chat):
        chat.type("/quit\r")
        self.assertEqual(chat.wait(), 0)

    def test_chats_are_kept_and_resumed(self):
        chat = self.chat()
        self.ask(chat, "one")
        self.leave(chat)
        chat = self.chat("--resume")
        self.assertEqual([m["content"] for m in self.messages(chat)], ["one", ANSWER])
        self.leave(chat)
        for rounds in (2, 4):
            chat = self.chat("--session", "work")
            self.ask(chat, "again")
            self.assertEqual(len(self.messages(chat)), rounds)
            self.leave(chat)
        folder = os.path.join(self.folder, "erato", "sessions")
        self.assertEqual(sorted(os.listdir(folder)), ["last.json", "work.json"])
        self.assertEqual(os.stat(folder).st_mode & 0o077, 0)

    def test_what_was_said_last_is_shown_and_what_it_costs(self):
        chat = self.chat()
        self.ask(chat, "one")
        self.ask(chat, "two")
        self.leave(chat)
        with Terminal("chat", TINY, "--resume", env=self.home()) as chat:
            chat.expect(rf"> two\n{ANSWER}\n")
            # Keys and values are not kept, and it says so.
            chat.expect(r"The chat goes on after 4 messages; the next answer reads their \d+ tokens anew\.")
            chat.expect(PROMPT)
            self.assertNotIn("> one", chat.text())
            self.do(chat, "/history", rf"> one\n{ANSWER}\n> two\n{ANSWER}\n")

    def test_nothing_to_resume(self):
        with Terminal("chat", TINY, "--resume", env=self.home()) as chat:
            self.assertEqual(chat.wait(), 1)
            self.assertIn("[--resume] chat, got none", chat.text())

    def test_names_stay_in_their_folder(self):
        for name in ("../x", "a/b", ".x", ""):
            with Terminal("chat", TINY, "--session", name, env=self.home()) as chat:
                self.assertEqual(chat.wait(), 1)
                self.assertIn("[--session] name", chat.text())

    def test_a_broken_file_is_an_error_and_is_left_alone(self):
        folder = pathlib.Path(self.folder, "erato", "sessions")
        folder.mkdir(parents=True)
        (folder / "work.json").write_text("{\"no\": \"chat\"}")
        with Terminal("chat", TINY, "--session", "work", env=self.home()) as chat:
            self.assertEqual(chat.wait(), 1)
        self.assertEqual((folder / "work.json").read_text(), "{\"no\": \"chat\"}")


class Files(ChatTest):
    def test_save_and_load(self):
        chat = self.chat()
        file = self.file("chat.json")
        self.do(chat, "/system Be brief.", "system message is set")
        self.ask(chat, "hello")
        self.do(chat, f"/save {file}", "Saved")
        saved = json.loads(file.read_text())
        self.assertEqual(saved, [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "hello"},
                                 {"role": "assistant", "content": ANSWER}])
        self.do(chat, "/new", "new chat")
        self.do(chat, f"/load {file}", "goes on after 3 messages")
        self.assertEqual(self.messages(chat), saved)
        self.do(chat, "/save ~/home.json", "Saved")
        self.assertEqual(json.loads(self.file("home.json").read_text()), saved)

    def test_what_cannot_be_done(self):
        chat = self.chat()
        for wrong in ("/load /nowhere/file", "/save /nowhere/file", "/export /nowhere/file", "/load", "/save", "/export"):
            self.do(chat, wrong, "cannot|needs")
        file = self.file("chat.json", "{\"no\": \"chat\"}")
        self.ask(chat, "hello")
        before = self.messages(chat)
        self.do(chat, f"/load {file}", "expected")
        self.assertEqual(self.messages(chat), before)

    def test_a_file_is_not_replaced_unasked(self):
        chat = self.chat()
        file = self.file("precious.txt", "precious")
        for command in ("/save", "/export"):
            for no in ("n\r", "\r", "\x03", "\x04"):
                chat.type(f"{command} {file}\r")
                chat.expect("is there. Replace it")
                self.do(chat, no, "Nothing was written", enter="")
        self.assertEqual(file.read_text(), "precious")
        chat.type(f"/save {file}\r")
        chat.expect("Replace it")
        self.do(chat, "y", "Saved")
        self.assertEqual(json.loads(file.read_text()), [])

    def test_export(self):
        chat = self.chat()
        self.ask(chat, "one")
        file = self.file("chat.md")
        self.do(chat, f"/export {file}", "Exported")
        self.assertEqual(file.read_text(), f"**You:** one\n\n**Erato:** {ANSWER}\n")
        self.do(chat, f"/export {file}.json", "Saved")
        self.assertEqual(json.loads(self.file("chat.md.json").read_text()),
                         [{"role": "user", "content": "one"}, {"role": "assistant", "content": ANSWER}])


if __name__ == "__main__":
    unittest.main(verbosity=2)
