"""The Python module, used as its users would."""
import array
import gc
import json
import os
import threading
import time
import unittest

import erato

TINY = os.environ["ERATO_TINY"]
ENCODERS = os.environ["ERATO_ENCODERS"]
ANSWER = "Hello world 😀!"


def generate_options(**values):
    options = erato.Options(erato.GENERATE)
    for name, value in values.items():
        options.set(name, value)
    return options


GREEDY = generate_options(temperature="0")
REQUEST = json.dumps({"messages": [{"role": "user", "content": "hi"}], "temperature": 0})


class EratoTest(unittest.TestCase):
    def test_chat(self):
        with erato.Model(TINY) as model, model.session() as chat:
            pieces = list(chat.ask("hi", GREEDY))
            self.assertEqual("".join(pieces), ANSWER)
            self.assertEqual(len(pieces), 6)
            self.assertEqual(json.loads(chat.history())[-1], {"role": "assistant", "content": ANSWER})

    def test_generate_and_finish(self):
        with erato.Model(TINY) as model:
            stream = model.generate("\n", GREEDY)
            self.assertEqual("".join(stream), ANSWER)
            self.assertEqual(stream.finish_reason(), "stop")
            self.assertEqual(stream.generated_tokens(), 6)

    def test_text(self):
        model = erato.Model(TINY)
        for text in ("", "he said", "héllo 世界 🙂", "a\0b", "e\u0301", "x" * 10000):
            self.assertEqual(model.detokenize(model.tokenize(text)), text)
            self.assertEqual(model.count_tokens(text), len(model.tokenize(text)))
        with self.assertRaises((TypeError, UnicodeError)):
            model.tokenize("\ud800")

    def test_embed(self):
        model = erato.Model(ENCODERS + "/embedder")
        vectors = model.embed(["good paris", "bad", "paris good"])
        self.assertEqual(memoryview(vectors).shape, (3, 8))
        rows = [[vectors[i, j] for j in range(8)] for i in range(3)]
        self.assertAlmostEqual(sum(x * x for x in rows[0]), 1, places=5)
        for a, b in zip(rows[0], rows[2]):
            self.assertAlmostEqual(a, b, places=6)
        options = erato.Options(erato.READ)
        options.set("dimensions", "4")
        self.assertEqual(memoryview(model.embed(["good"], options)).shape, (1, 4))
        self.assertEqual(len(model.embed([])), 0)
        with self.assertRaises(erato.Error):
            model.embed(["good " * 100])

    def test_rerank_and_classify(self):
        bad, good = erato.Model(ENCODERS + "/reranker").rerank("paris", ["bad", "good"])
        self.assertLess(bad, good)
        classifier = erato.Model(ENCODERS + "/classifier")
        self.assertEqual(list(classifier.labels()), ["negative", "neutral", "positive"])
        self.assertGreater(classifier.classify(["good"])[2], 0.9)
        (entity,) = erato.Model(ENCODERS + "/tagger").find_entities("the anna")
        self.assertEqual((entity.label, entity.begin, entity.end), ("PER", 4, 8))

    def test_errors(self):
        with self.assertRaises(erato.Error) as caught:
            erato.Model("/no/such/file")
        self.assertEqual(caught.exception.name, "NOT_FOUND")
        self.assertFalse(caught.exception.retriable)
        with self.assertRaises(erato.Error) as caught:
            generate_options(temperature="hot")
        self.assertEqual(caught.exception.parameter, "temperature")

    def test_request(self):
        model = erato.Model(TINY)
        reply = json.loads(model.request(REQUEST))
        self.assertEqual(reply["choices"][0]["message"]["content"], ANSWER)
        chunks = [json.loads(chunk) for chunk in erato.Response(model, REQUEST)]
        self.assertEqual("".join(c["choices"][0]["delta"].get("content", "") for c in chunks), ANSWER)
        self.assertEqual(chunks[-1]["choices"][0]["finish_reason"], "stop")

    def test_logits_into_a_buffer(self):
        model = erato.Model(TINY)
        values = list(model.logits([5, 6]))
        buffer = array.array("f", [0]) * model.vocabulary_size()
        model.logits_into([5, 6], buffer)
        self.assertEqual(list(buffer), values)
        for wrong in (array.array("d", [0]) * len(values), bytes(4 * len(values))):
            with self.assertRaises((TypeError, BufferError)):
                model.logits_into([5, 6], wrong)
        with self.assertRaises(erato.Error):
            model.logits_into([5, 6], array.array("f", [0]))

    def test_freed_in_any_order(self):
        model = erato.Model(TINY)
        session = model.session()
        stream = session.ask("hi", GREEDY)
        del model, session
        gc.collect()
        self.assertEqual("".join(stream), ANSWER)

    def test_cancel_from_another_thread(self):
        endless = generate_options(ignore_end="true")
        stream = erato.Model(TINY).generate("\n", endless)
        self.assertTrue(stream.advance())
        thread = threading.Thread(target=stream.cancel)
        thread.start()
        thread.join()
        with self.assertRaises(erato.Error) as caught:
            list(stream)
        self.assertEqual(caught.exception.name, "CANCELLED")

    def test_other_threads_go_on(self):
        model = erato.Model(TINY)
        long = json.dumps({"prompt": "\n", "temperature": 5, "max_tokens": 200, "seed": 1})
        ticks = 0
        thread = threading.Thread(target=lambda: [model.request(long) for _ in range(10)])
        thread.start()
        while thread.is_alive():
            ticks += 1
            time.sleep(0.001)
        self.assertGreater(ticks, 1)

    def test_failing_calls_do_not_leak(self):
        model = erato.Model(TINY)
        text = "{" * 20000

        def fail(times):
            for _ in range(times):
                with self.assertRaises(erato.Error):
                    model.request(text)

        def resident_kib():
            with open("/proc/self/statm") as statm:
                return int(statm.read().split()[1]) * 4

        fail(200)
        before = resident_kib()
        fail(2000)
        self.assertLess(resident_kib() - before, 4000)


if __name__ == "__main__":
    unittest.main()
