#!/usr/bin/env python3
"""The chatbot with a real model: an answer on its way is stopped, kept, and goes on."""
import unittest

from program import PROMPT, SMOLLM2, ChatTest


@unittest.skipUnless(SMOLLM2.exists(), f"{SMOLLM2.name} is not in the cache; ./run fetch smollm2 gets it")
class RealModel(ChatTest):
    def test_control_c_keeps_the_partial_answer(self):
        chat = self.chat("--ignore-end", "true", "--max-tokens", "0", model=SMOLLM2, env={"NO_COLOR": "1"})
        chat.type("Write a long story about a fox.\r")
        chat.expect(r"fox[^\n]*\n(.|\n)*[a-z]+ [a-z]+ [a-z]+")
        chat.type("\x03")
        chat.expect(r"stopped, \d+ tokens")
        chat.expect(PROMPT)
        saved = self.messages(chat)
        self.assertEqual([message["role"] for message in saved][-2:], ["user", "assistant"])
        begun = saved[-1]["content"]
        self.assertGreater(len(begun.split()), 2)
        self.assertIn(" ".join(begun.split())[:40], " ".join(chat.text().split()))
        self.do(chat, "/set max_tokens 10", "max_tokens is 10")
        self.ask(chat, "/continue")
        self.assertTrue(self.messages(chat)[-1]["content"].startswith(begun))

    def test_the_second_question_reads_little(self):
        chat = self.chat("--max-tokens", "10", model=SMOLLM2)
        self.ask(chat, "What is the capital of France?")
        self.ask(chat, "And of Spain?")
        hits = self.do(chat, "/stats", r"from the cache \((\d+) %\)").group(1)
        self.assertGreater(int(hits), 20)


if __name__ == "__main__":
    unittest.main(verbosity=2)
