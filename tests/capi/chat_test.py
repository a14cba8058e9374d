"""chat_test.py CHAT TINY.gguf: the teaching sample talks over pipes, and says what is wrong."""
import subprocess
import sys

chat, model = sys.argv[1:]
done = subprocess.run([chat, model], input="hi\n\nmore\n", capture_output=True, text=True, timeout=300)
assert done.returncode == 0, done
assert done.stderr == "", done
assert done.stdout.count("> ") == 4 and "Hello" in done.stdout, done
missing = subprocess.run([chat, "/no/such/file"], capture_output=True, text=True, timeout=300)
assert missing.returncode == 1 and "[" in missing.stderr, missing
assert subprocess.run([chat], capture_output=True, timeout=300).returncode == 2
