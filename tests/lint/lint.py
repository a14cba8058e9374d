#!/usr/bin/env python3
"""Holds the rules of core/README.md against the tree: who may include whom, which words belong where, sizes, banned
calls, header guards, no source file that no build file names.

    lint.py ROOT            prints one line a violation; exit 1 where there is one
    lint.py --self-test     plants a violation of each rule and sees whether it is found
"""
import pathlib
import re
import statistics
import sys

# --- the arrows: a room, and what it may include besides itself. The longest prefix that fits names the room. ---------

ARROWS = {
    "core/base/": [],
    "core/formats/": ["core/base/"],
    "core/weights/": ["core/base/", "core/formats/"],
    "core/ops/": ["core/base/", "core/formats/", "core/weights/"],
    "core/ref/": ["core/base/", "core/formats/", "core/weights/", "core/ops/"],
    "core/cpu/": ["core/base/", "core/formats/", "core/weights/", "core/ops/"],
    "core/engine/": ["core/base/", "core/ops/"],
    "core/device.": ["core/base/", "core/ops/", "core/ref/", "core/cpu/"],
    "models/": ["core/base/", "core/formats/", "core/weights/", "core/ops/", "core/engine/model.h"],
    "tokenizer/": [],
    "capi/": ["models/", "tokenizer/", "core/base/", "core/formats/", "core/weights/", "core/engine/", "core/device."],
    "samples/": [],
    "bindings/": [],
    "tests/": ["core/", "models/", "tokenizer/", "capi/", "samples/"],
}
ROOMS = ("core/", "models/", "tokenizer/", "capi/", "samples/", "bindings/", "tests/")
LIBRARY = ("core/", "models/", "tokenizer/", "capi/")

# A third party's headers, and where they may be seen.
GUESTS = {
    "absl/": ("core/", "models/", "tokenizer/", "capi/", "tests/"),
    "nlohmann/": ("core/base/json_parse.cc", "samples/", "tests/"),
    "utf8proc": ("tokenizer/", "tests/"),
    "CLI/": ("samples/",),
    "histedit.h": ("samples/",),
    "sqlite3.h": ("samples/",),
    "hnswlib/": ("samples/",),
    "gtest/": ("tests/",),
    "gmock/": ("tests/",),
    "benchmark/": ("tests/",),
}

# --- words: (what, pattern, the only places of the library that may say it) --------------------------------------------

WORDS = [
    ("name of a model family", r"(?i)llama|mistral|mixtral|qwen|gemma|smollm|gpt_?2|falcon|deepseek|mamba|\bbert",
     ("models/", "tokenizer/", "capi/src/vocabulary.", "capi/src/tokenizer_")),  # GGUF names kinds of vocabularies "gpt2" and "llama"
    ("name of a weight format", r"(?i)(?<![a-z])k?i?q[2-8]_[01k]|iq\d_|mxfp4|Q[2-8][01K](?![a-z0-9])", ("core/formats/",)),
    ("name of a device", r"(?i)cuda|avx|neon|core/(cpu|ref)/", ("core/cpu/", "core/ref/", "core/device.cc")),
]

BANNED = [
    (r"(?<![\w.>])(abort|exit|_exit|_Exit|quick_exit|terminate|raise|kill)\s*\(", "ends the host"),
    (r"(?<![\w.>])(printf|fprintf|vprintf|puts|fputs|putchar|perror)\s*\(|\bstd::(cout|cerr|clog)\b", "prints"),
    (r"\bstd::regex\b", "unbounded"),
    (r"\b(sto[ifdl]|stoll|stoul|stoull|stold|strto[dflu]l?|strtoull|ato[ifl])\s*\(", "hangs on the locale"),
    (r"\b(getenv|setenv|setlocale|chdir|sigaction|signal)\s*\(", "touches the host's state"),
    (r"\balloca\s*\(", "unbounded"),
    (r"(?<![\w.>])(rand|srand|system|gets|strcpy|strcat|sprintf)\s*\(", "unsafe"),
]

ROOT_ENTRIES = {
    "CMakeLists.txt", "core", "capi", "bindings", "tokenizer", "models", "tests", "samples", "README.md", "run", ".ci",
    "LICENSE", "SECURITY.md", "CONTRIBUTING.md", ".clang-format", ".clang-tidy", ".gitignore", ".git", ".gitattributes",
}
SOURCE = {".h", ".hpp", ".c", ".cc", ".def"}


def blank(text, pattern):
    """`text` with what matches replaced by spaces: line numbers stay."""
    return re.sub(pattern, lambda m: re.sub(r"[^\n]", " ", m.group()), text, flags=re.S)


LITERAL = r'"(?:[^"\\\n]|\\.)*"'


def without_comments(text):
    keep = re.compile(rf"({LITERAL}|'(?:[^'\\\n]|\\.)+')|//[^\n]*|/\*.*?\*/", re.S)
    return keep.sub(lambda m: m.group(1) or re.sub(r"[^\n]", " ", m.group()), text)


def lines_of(pattern, text):
    for match in re.finditer(pattern, text):
        yield text.count("\n", 0, match.start()) + 1, match


def room_of(path):
    return max((room for room in ARROWS if path.startswith(room)), key=len, default=None)


def check_includes(path, code):
    room = room_of(path)
    for line, match in lines_of(r'#\s*include\s*([<"])([^">]+)[">]', code):
        mark, name = match.groups()
        for guest, places in GUESTS.items():
            if name.startswith(guest) and not path.startswith(places):
                yield line, f"include of {name}, which only {', '.join(places)} may see"
        if name.startswith(("erato/", "capi/include/")):
            if not path.startswith(("capi/", "samples/", "bindings/", "tests/")):
                yield line, f"include of {name} from below the C ABI"
        elif mark == '"' and name.startswith(ROOMS):
            if room is None:
                yield line, f"a file outside every room includes {name}"
            elif not name.startswith((room, *ARROWS[room])):
                yield line, f"no arrow from {room} to {name}"
        elif mark == '"' and (".." in name or ("/" not in name and path.startswith(LIBRARY))):
            if not path.startswith("capi/include/"):
                yield line, f"include of {name} without its path from the root"


def check_words(path, code):
    if not path.startswith(LIBRARY):
        return
    code = blank(code, r"#\s*include[^\n]*") if path.startswith(("capi/", "models/")) else code
    for what, pattern, places in WORDS:
        if not path.startswith(places):
            for line, match in lines_of(pattern, code):
                yield line, f"{what} '{match.group()}' outside {', '.join(places)}"


def check_calls(path, code):
    if not path.startswith(LIBRARY):
        return
    code = re.sub(r"\b(return|else|do)\b", ";", blank(code, LITERAL))
    for pattern, why in BANNED:
        for line, match in lines_of(r"(?<![\w>&*] )" + pattern, code):  # `Type name(` declares, and is no call
            yield line, f"banned call {match.group().rstrip('( ')}: {why}"


def check_guard(path, text):
    if not path.endswith((".h", ".hpp")) or "::ERATO_CPU_ISA" in text:  # a piece, compiled once an instruction set
        return
    short = path.replace("capi/include/erato/", "")
    guards = {"ERATO_" + re.sub(r"\W", "_", name).upper() + "_" for name in (path, short)}
    match = re.search(r"#ifndef (\w+)\n#define (\w+)\n", text)
    if not match or match.group(1) != match.group(2) or match.group(1) not in guards:
        yield 1, f"header guard, got {match.group(1) if match else 'none'}, expected {sorted(guards)[0]}"


def check_size(path, text):
    limit = 800 if path.startswith("tests/") else 500
    if (count := text.count("\n")) > limit:
        yield count, f"{count} lines, at most {limit}"


def check_comments(path, text):
    """clang-format leaves comments as they are (it would run lists and formulas together), so their width is seen to here."""
    code = without_comments(text).split("\n")
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > 100 and code[number - 1].rstrip() != line.rstrip():
            yield number, f"a comment to column {len(line)}, at most 100"


def check_file(path, text):
    """(line, message) of each violation in one file; `path` is relative to the root, with slashes."""
    if pathlib.PurePath(path).suffix in SOURCE:
        code = without_comments(text)
        for check, argument in ((check_includes, code), (check_words, code), (check_calls, code),
                                (check_guard, text), (check_size, text), (check_comments, text)):
            yield from check(path, argument)
    elif path.endswith("CMakeLists.txt"):
        for line, _ in lines_of(r"(?i)file\s*\(\s*GLOB", text):
            yield line, "sources are listed, not globbed"
        if path.startswith(LIBRARY + ("samples/", "bindings/")) and not text.startswith("#"):
            yield 1, "a folder's build file begins with its rule"


def types_of(code):
    """(line, qualified name) of each type defined at the left margin, where every unit of the library could see it."""
    spaces = []
    for number, line in enumerate(code.split("\n"), 1):
        if match := re.match(r"namespace ?([\w:]*) \{", line):
            spaces.append(match.group(1))
        elif line.startswith("}") and not line.startswith("};") and spaces:
            spaces.pop()
        elif match := re.match(r"(?:struct|class|enum class|enum|union) (?:\w+\([^)]*\) )?(\w+)\b(?!::)[^;]*\{", line):
            if "" not in spaces and not any("ERATO_CPU_ISA" in space for space in spaces):
                yield number, "::".join(spaces + [match.group(1)])


def check_tree(files):
    """Violations that need the whole tree: `files` maps path to text."""
    built = "\n".join(text for path, text in files.items() if path.endswith("CMakeLists.txt"))
    named = [re.sub(r"\\\$\\\{\w+\\\}", r"\\w+", re.escape(name)) for name in re.findall(r"[\w${}-]+\.cc?\b", built)]
    known = re.compile("|".join(named))
    for path in files:
        if path.endswith((".cc", ".c")) and not known.fullmatch(pathlib.PurePath(path).name):
            yield path, 1, "no build file names this source"
    # The linker keeps one of two functions that it takes for the same: types of one name would share their members.
    first = {}
    for path, text in files.items():
        if path.startswith(LIBRARY) and not path.startswith("capi/include/") and path.endswith((".h", ".cc")):
            for line, name in types_of(without_comments(text)):
                if first.setdefault(name, path) != path:
                    yield path, line, f"type {name} is defined in {first[name]}, too"


def read_tree(root):
    files = {}
    for top in ROOMS + ("",):
        pattern = "*" if not top else "**/*"
        for path in sorted((root / top).glob(pattern)):
            name = path.relative_to(root).as_posix()
            if path.is_file() and (path.suffix in SOURCE or path.name == "CMakeLists.txt"):
                files[name] = path.read_text(encoding="utf-8")
    return files


def main(root):
    files = read_tree(root)
    problems = [(path, line, what) for path, text in files.items() for line, what in check_file(path, text)]
    problems += check_tree(files)
    for entry in sorted(root.iterdir()):
        if entry.name not in ROOT_ENTRIES and not entry.name.startswith(("build", ".cache")):
            problems.append((entry.name, 1, "has no place at the top of the house"))
    for path, line, what in problems:
        print(f"{path}:{line}: {what}")
    for top in ROOMS:
        sizes = sorted(text.count("\n") for path, text in files.items()
                       if path.startswith(top) and pathlib.PurePath(path).suffix in SOURCE)
        if sizes:
            print(f"{top:<11}{len(sizes):4} files {sum(sizes):6} lines, median {statistics.median(sizes):.0f}, "
                  f"p90 {sizes[len(sizes) * 9 // 10]}, largest {sizes[-1]}")
    return bool(problems)


# --- the guard's guard -------------------------------------------------------------------------------------------------

PLANTED = [  # path, text, part of the message that must come; "" = none may come
    ("core/base/a.cc", '#include "core/ops/ops.h"\n', "no arrow from core/base/"),
    ("core/engine/a.cc", '#include "core/weights/tensor.h"\n', "no arrow from core/engine/"),
    ("core/cpu/a.cc", '#include "core/ref/ref.h"\n', "no arrow from core/cpu/"),
    ("models/a.cc", '#include "core/engine/engine.h"\n', "no arrow from models/"),
    ("models/a.cc", '#include "core/engine/model.h"\n', ""),
    ("tokenizer/a.cc", '#include "core/base/json.h"\n', "no arrow from tokenizer/"),
    ("capi/a.cc", '#include "core/ops/ops.h"\n', "no arrow from capi/"),
    ("samples/erato/a.cc", '#include "core/base/json.h"\n', "no arrow from samples/"),
    ("samples/erato/a.cc", '#include <erato/erato.h>\n', ""),
    ("core/base/a.cc", '#include <erato/erato.h>\n', "from below the C ABI"),
    ("core/ops/a.cc", '#include "nlohmann/json.hpp"\n', "nlohmann"),
    ("core/ops/a.cc", '#include "ops.h"\n', "without its path"),
    ("core/engine/a.cc", 'bool x = name == "llama";\n', "model family"),
    ("core/engine/a.cc", "// as in llama.cpp\nint x;\n", ""),
    ("core/cpu/a.cc", "case Format::kQ4_K:\n", "weight format"),
    ("models/a.cc", 'if (format == "q8_0") return;\n', "weight format"),
    ("core/formats/q8_0/a.cc", "int q8_0;\n", ""),
    ("core/engine/a.cc", 'if (device == "cuda") return;\n', "name of a device"),
    ("core/base/a.cc", "void f() { abort(); }\n", "banned call abort"),
    ("core/base/a.cc", "void f() { std::exit(1); }\n", "banned call exit"),
    ("capi/a.cc", 'void f() { printf("x"); }\n', "banned call printf"),
    ("capi/a.cc", "std::cerr << 1;\n", "banned call std::cerr"),
    ("capi/a.cc", "int x = std::stoi(s);\n", "banned call stoi"),
    ("capi/a.cc", "double x = strtod(s, &end);\n", "banned call strtod"),
    ("capi/a.cc", 'const char* x = getenv("HOME");\n', "banned call getenv"),
    ("tokenizer/a.cc", "std::regex r;\n", "std::regex"),
    ("core/cpu/a.cc", "void* p = alloca(n);\n", "banned call alloca"),
    ("capi/a.cc", 'void f() { stream->abort(); Fail("exit(1)"); std::string system(text); }\n', ""),
    ("capi/a.cc", "int f() { return system(text); }\n", "banned call system"),
    ("core/base/a.h", "#ifndef A_H\n#define A_H\n#endif\n", "header guard"),
    ("core/base/a.h", "#pragma once\n", "header guard, got none"),
    ("core/base/a.h", "#ifndef ERATO_CORE_BASE_A_H_\n#define ERATO_CORE_BASE_A_H_\n#endif\n", ""),
    ("core/base/a.cc", "\n" * 501, "at most 500"),
    ("core/base/a.cc", "int x;  // " + "é" * 90 + "\n", "to column 101"),
    ("core/base/a.cc", "int x;  // " + "é" * 89 + "\nconst char* y = \"" + "//" * 99 + "\";\n", ""),
    ("tests/base/a_test.cc", "\n" * 501, ""),
    ("core/base/CMakeLists.txt", "# base\nfile(GLOB x *.cc)\n", "not globbed"),
    ("core/base/CMakeLists.txt", "add_library(x a.cc)\n", "begins with its rule"),
]


def self_test():
    wrong = 0
    for path, text, want in PLANTED:
        got = [what for _, what in check_file(path, text)]
        if (want and not any(want in what for what in got)) or (not want and got):
            print(f"planted in {path}: {text.strip()[:60]!r}, got {got}, expected {want or 'nothing'!r}")
            wrong += 1
    tree = {"core/base/a.cc": "", "core/base/b_x.cc": "", "core/base/CMakeLists.txt": "# base\nadd_library(x b_${n}.cc)\n"}
    if [path for path, _, _ in check_tree(tree)] != ["core/base/a.cc"]:
        print("not just the source that no build file names was found")
        wrong += 1
    twice = {"core/base/a.h": "namespace erato {\nstruct A {\n};\n}\n", "models/a.h": "namespace erato {\nclass A final : B {\n};\n}\n",
             "models/b.h": "namespace erato {\nnamespace {\nstruct A {\n};\n}\n}\nnamespace erato::b {\nstruct A {\n};\nstruct C;\n}\n"}
    if [path for path, _, _ in check_tree(twice)] != ["models/a.h"]:
        print("not just the type that is defined twice was found")
        wrong += 1
    print(f"{len(PLANTED) + 2} planted, {wrong} wrong")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(self_test() if sys.argv[1] == "--self-test" else main(pathlib.Path(sys.argv[1]).resolve()))
