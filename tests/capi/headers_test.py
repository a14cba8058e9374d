"""headers_test.py INCLUDE CC CXX: every header alone, and twice, in each standard, with -Wpedantic; names are Erato's."""
import pathlib
import re
import subprocess
import sys

include, cc, cxx = sys.argv[1:]
headers = sorted(pathlib.Path(include, "erato").glob("*.h"))
assert len(headers) >= 11, headers
flags = ["-Wall", "-Wextra", "-Wpedantic", "-Wstrict-prototypes", "-Werror", "-fsyntax-only", f"-I{include}", "-"]


def compiles(compiler, language, standard, name):
    source = f"#include <erato/{name}>\n#include <erato/{name}>\nint main(void) {{ return 0; }}\n"
    options = [f for f in flags if language == "c" or f != "-Wstrict-prototypes"]
    done = subprocess.run([compiler, "-x", language, f"-std={standard}", *options], input=source, text=True,
                          capture_output=True)
    assert done.returncode == 0, f"{name} as {standard}:\n{done.stderr}"


for header in headers:
    for standard in ("c99", "c11"):
        compiles(cc, "c", standard, header.name)
    for standard in ("c++17", "c++20"):
        compiles(cxx, "c++", standard, header.name)
    text = re.sub(r"/\*.*?\*/", "", header.read_text(), flags=re.S)
    for macro in re.findall(r"#define\s+(\w+)", text):
        assert macro.startswith("ERATO_"), f"{header.name}: macro {macro}"
    for name in re.findall(r"typedef [^;]*?(\w+);", text):
        assert name.startswith("erato_"), f"{header.name}: type {name}"
    for name in re.findall(r"^ERATO_API [^;(]*?(\w+)\(", text, flags=re.M):
        assert name.startswith("erato_"), f"{header.name}: function {name}"
for standard in ("c++17", "c++20"):
    compiles(cxx, "c++", standard, "erato.hpp")
