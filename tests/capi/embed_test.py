"""embed_test.py EMBED EMBEDDER: the teaching sample puts texts in order, and says what is wrong."""
import subprocess
import sys

embed, model = sys.argv[1:]


def run(*arguments):
    return subprocess.run([embed, *arguments], capture_output=True, text=True, timeout=300)


done = run(model, "good", "bad", "the", "good good")
assert (done.returncode, done.stderr) == (0, ""), done
lines = [line.split(maxsplit=1) for line in done.stdout.splitlines()]
assert [text for _, text in lines] == ["good good", "the", "bad"], done
scores = [float(score) for score, _ in lines]
assert 1.001 > scores[0] > scores[1] > scores[2], done
for broken in (("/no/such/file", "a", "b"), (model, "good", "bad " * 100)):
    failed = run(*broken)
    assert failed.returncode == 1 and failed.stdout == "" and "[" in failed.stderr, failed
assert run(model, "good").returncode == 2
