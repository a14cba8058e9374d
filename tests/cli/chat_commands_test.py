#!/usr/bin/env python3
"""The chatbot's slash commands, each on a pseudo-terminal."""
import pathlib
import re
import unittest

from program import ANSWER, LONG, PROMPT, SLOW_FILES, THINKING, TINY, ChatTest


class Help(ChatTest):
    def test_every_command_is_listed(self):
        chat = self.chat()
        chat.type("/help\r")
        for name in ("new retry continue undo edit file system set think model history save load export context stats tokens "
                     "template device quit").split():
            chat.expect("/" + name)
        chat.expect("Ctrl-R")

    def test_unknown_commands_suggest(self):
        chat = self.chat()
        for wrong, right in (("/stat", "/stats"), ("/sav x", "/save"), ("/modle", "/model"), ("/contxt", "/context")):
            self.do(chat, wrong, f"There is no {wrong.split()[0]}. Did you mean {right}")
        self.do(chat, "/abracadabra", "There is no /abracadabra. /help lists all")
        self.do(chat, "/", "There is no /. ")

    def test_a_path_is_no_command(self):
        chat = self.chat()
        self.ask(chat, "/usr/bin is what?")
        self.ask(chat, " /new is what?")
        self.assertEqual(self.questions(chat), ["/usr/bin is what?", " /new is what?"])

    def test_names_from_elsewhere(self):
        chat = self.chat()
        self.do(chat, "/?", "this list")
        self.do(chat, "/clear", "A new chat")
        self.do(chat, "/regen", "there is no question")
        chat.type("/bye\r")
        self.assertEqual(chat.wait(), 0)


class Talk(ChatTest):
    def test_undo_and_retry(self):
        chat = self.chat("--temperature", "0.5")
        for command in ("/undo", "/retry", "/continue"):
            self.do(chat, command, "there is (nothing|no question|no answer)")
        self.ask(chat, "one")
        self.ask(chat, "two")
        before = self.messages(chat)
        self.ask(chat, "/retry")
        self.assertEqual([m["role"] for m in self.messages(chat)], [m["role"] for m in before])
        self.do(chat, "/undo", "Taken back: two")
        self.assertEqual(self.messages(chat), before[:2])

    def test_continue(self):
        chat = self.chat("--max-tokens", "2")
        self.ask(chat, "one")
        self.assertEqual(self.messages(chat)[-1]["content"], "Hello wor")
        self.ask(chat, "/continue")
        self.assertTrue(self.messages(chat)[-1]["content"].startswith("Hello wor"))
        self.assertGreater(len(self.messages(chat)[-1]["content"]), len("Hello wor"))
        self.assertEqual(len(self.messages(chat)), 2)
        self.ask(chat, "two")
        self.assertEqual(len(self.messages(chat)), 4)

    def test_thinking_that_was_stopped_goes_on(self):
        chat = self.chat("--max-tokens", "3", model=THINKING)
        self.ask(chat, "one")
        last = self.messages(chat)[-1]
        self.assertEqual((last["content"], last["reasoning_content"]), ("", "why "))
        self.do(chat, "/set max_tokens 20", "max_tokens is 20")
        self.ask(chat, "/continue")
        last = self.messages(chat)[-1]
        self.assertTrue(last["reasoning_content"].startswith("why"))

    def test_edit(self):
        editor = self.file("editor", "#!/bin/sh\nsed -i s/one/another/ \"$1\"\n")
        editor.chmod(0o755)
        chat = self.chat(env={"EDITOR": str(editor), "VISUAL": ""})
        self.ask(chat, "one thing")
        self.ask(chat, "/edit")
        self.assertEqual(self.questions(chat), ["another thing"])
        editor.write_text("#!/bin/sh\nexit 3\n")
        self.do(chat, "/edit", "failed")
        self.assertEqual(self.questions(chat), ["another thing"])

    def test_an_editor_gets_the_signals_that_this_program_blocks(self):
        editor = self.file("editor", "#!/bin/sh\ngrep SigBlk /proc/self/status >> \"$1\"\n")
        editor.chmod(0o755)
        chat = self.chat(env={"EDITOR": str(editor), "VISUAL": ""})
        self.ask(chat, "/edit")
        self.assertRegex(self.questions(chat)[0], r"SigBlk:\s0+$")

    def test_file(self):
        chat = self.chat()
        notes = self.file("notes.txt", "Some notes.")
        self.do(chat, f"/file {notes}", r"notes.txt, 11 tokens, stands before the next question")
        self.ask(chat, "what?")
        self.ask(chat, "and?")
        self.assertEqual(self.questions(chat), ["Some notes.\n\nwhat?", "and?"])
        self.do(chat, "/new", "A new chat")
        more = self.file("more.txt", "More.")
        for file in (notes, more):
            self.do(chat, f"/file {file}", "stands before")
        self.ask(chat, "what?")
        self.assertEqual(self.questions(chat), ["Some notes.\n\nMore.\n\nwhat?"])
        self.do(chat, f"/file {notes}", "stands before")
        self.do(chat, "/new", "A new chat")
        self.ask(chat, "what?")
        self.assertEqual(self.questions(chat), ["what?"])
        self.do(chat, "/file /nowhere", "cannot read /nowhere")
        self.do(chat, "/file /tmp", "cannot read /tmp")
        self.do(chat, "/file", "needs the name of a file")

    def test_system_and_new(self):
        chat = self.chat()
        self.do(chat, "/system Be brief.", "system message is set")
        self.ask(chat, "one")
        self.do(chat, "/new", "A new chat")
        self.assertEqual(self.messages(chat), [{"role": "system", "content": "Be brief."}])
        self.do(chat, "/system", "No system message")
        self.assertEqual(self.messages(chat), [])

    def test_too_long_for_the_context(self):
        chat = self.chat()
        self.ask(chat, "one")
        self.do(chat, "x" * 400, r"got \d+, expected at most \d+(.|\n)*make room")
        self.assertEqual(self.questions(chat), ["one"])


class Settings(ChatTest):
    def test_set(self):
        chat = self.chat()
        self.do(chat, "/set temperature 0.25", "temperature is 0.25")
        self.do(chat, "/set temperature hot", "temperature.*got.*hot|hot.*expected")
        self.do(chat, "/set temperature", "needs a value")
        self.do(chat, "/set warmth 3", "warmth")
        self.do(chat, "/set", r"temperature +0\.25")
        self.do(chat, "/set stop END", "stop is END")
        self.do(chat, "/set stop .", r"stop is END \| \.")
        self.do(chat, "/set stop default", r"stop is *\n")
        self.do(chat, "/set max_tokens default", "max_tokens is 0")

    def test_stop_strings_are_obeyed(self):
        chat = self.chat()
        self.do(chat, "/set stop lo wor", "stop is lo wor")
        self.ask(chat, "one")
        self.assertIn("> one\nHel\n", chat.shown())
        self.assertEqual(self.messages(chat)[-1]["content"], "Hel")


class Facts(ChatTest):
    def test_tokens_and_template(self):
        chat = self.chat()
        chat.type("/tokens he!\n\r")
        chat.expect(r'\d+  "he"')
        chat.expect(r'\d+  "!"')
        self.do(chat, "", "2 tokens", enter="")
        self.do(chat, "/tokens", r"\d+ tokens")
        self.do(chat, "/template", r"for message in messages(.|\n)*add_generation_prompt")

    def test_stats(self):
        chat = self.chat()
        self.do(chat, "/stats", r"answers +0")
        self.ask(chat, "one")
        self.ask(chat, "two")
        found = self.do(chat, "/stats", r"context +\[(#+\.+)\] (\d+) of 256 tokens \((\d+) %\)\n"
                                        r" +answers +2, 12 tokens, [\d.]+ a second\n"
                                        r" +prompts +(\d+) tokens, (\d+) of them from the cache \((\d+) %\), [\d.]+ a second\n"
                                        r" +waiting +\d+\.\d\d s until the first token, on average\n"
                                        r" +memory +(\d+) MiB, \d+ blocks")
        bar, used, percent, prompts, reused, hits, memory = found.groups()
        self.assertEqual(len(bar), 20)
        self.assertEqual(round(int(used) * 100 / 256), int(percent))
        self.assertEqual(round(int(reused) * 100 / int(prompts)), int(hits))
        self.assertGreater(int(reused), 0)
        self.assertGreater(int(memory), 1)

    def test_context(self):
        chat = self.chat("--system", "Be brief, but not too brief.")
        self.ask(chat, "a question that is long enough to be seen")
        found = self.do(chat, "/context", r"\[(s+q+a+t+\.+)\] (\d+) of 256 tokens \(\d+ %\)\n(( +[sqat.] [a-z ]+ +\d+\n){5})")
        parts = [int(count) for count in re.findall(r"(\d+)\n", found.group(3))]
        self.assertEqual(len(found.group(1)), 40)
        self.assertEqual(parts[0], len("Be brief, but not too brief."))
        self.assertEqual(sum(parts), 256)
        self.assertEqual(sum(parts[:4]), int(found.group(2)))

    def test_device(self):
        chat = self.chat("--device", "ref")
        found = self.do(chat, "/device", r"this chat  ([^\n]*)\n")
        self.assertIn("ref", found.group(1))
        self.assertRegex(chat.text(), r"\n  cpu  ")
        self.assertRegex(chat.text(), r"\n  ref  ")


class Models(ChatTest):
    def setUp(self):
        super().setUp()
        self.models = pathlib.Path(self.folder, "erato", "models")

    def test_an_empty_cache(self):
        self.do(self.chat(), "/model", "no models")

    def test_the_picker(self):
        self.models.mkdir(parents=True)
        (self.models / "small.gguf").symlink_to(TINY)
        (self.models / "thoughtful.gguf").symlink_to(THINKING)
        (self.models / "broken.gguf").write_text("no model")
        (self.models / "encoder").mkdir()
        (self.models / "encoder" / "config.json").write_text("{}")  # names no family
        chat = self.chat()
        self.ask(chat, "one")
        chat.type("/model\r")
        chat.expect(r"1  small       llama, \d+ MiB\n +2  thoughtful  llama, \d+ MiB\n")
        chat.expect("Which one")
        chat.type("2\r")
        chat.expect("Erato .*Tiny")
        chat.expect(PROMPT)
        self.ask(chat, "two")
        self.assertEqual(self.messages(chat)[-1]["reasoning_content"], "why not")
        self.assertEqual(len(self.messages(chat)), 4)
        for none in ("\r", "\x03"):
            chat.type("/model\r")
            chat.expect("Which one")
            self.do(chat, none, "Nothing has changed", enter="")
        self.do(chat, "/model 1", "Erato .*Tiny")
        self.do(chat, "/model thoughtful", "Erato .*Tiny")
        for wrong in ("3", "0", "nothing", "/nowhere/file.gguf"):
            self.do(chat, f"/model {wrong}", r"\[|cannot")
        self.ask(chat, "three")  # the last one still works

    def test_control_c_stops_its_loading(self):
        chat = self.chat(env=SLOW_FILES)
        chat.type(f"/model {LONG}\r")
        chat.expect("Loading long")
        self.do(chat, "\x03", "Stopped", enter="")
        self.ask(chat, "one")
        self.assertEqual(self.messages(chat)[-1]["content"], ANSWER)


if __name__ == "__main__":
    unittest.main(verbosity=2)
