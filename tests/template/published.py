#!/usr/bin/env python3
"""Renders published chat templates with Erato and with Python's jinja2 over conversations, and compares.

    published.py RENDER_LINES SOURCE… [--report FILE]

Each SOURCE is a folder, or an archive as `pip download --no-deps` leaves it, with *.jinja files in it: llama-cpp-python's
source archive (its folder vendor/llama.cpp/models/templates), the wheels of axolotl and unsloth. The templates are their makers'
and stay where they are; RESULTS.md says which were run. --report writes a table of them. Exit 1 where any rendering differs.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tarfile
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from make_cases import CONVERSATIONS, NOW, TOOLS, assistant, renderer, same, tool_call, user  # noqa: E402

CALLS = [{"type": "function", "id": f"call{i}abcd", "function": {"name": name, "arguments": arguments}}
         for i, (name, arguments) in enumerate([("weather", {"city": "Köln", "days": 2, "now": True, "x": None}),
                                                ("time", {"zones": ["UTC", "CET"], "f": 1.5})])]
IMAGE = {"type": "image_url", "image_url": {"url": "data:,x"}}
MORE = {
    "parallel calls": [user("w"), assistant("", tool_calls=CALLS),
                       {"role": "tool", "content": "20", "tool_call_id": "call0abcd", "name": "weather"},
                       {"role": "tool", "content": "{\"t\": 1}", "tool_call_id": "call1abcd", "name": "time"}, assistant("done"),
                       user("ok")],
    "calls without content": [user("w"), {"role": "assistant", "tool_calls": [tool_call({})]},
                              {"role": "tool", "content": ""}],
    "thinks and calls": [{"role": "system", "content": "s"}, user("q"),
                         assistant("", reasoning_content="why", tool_calls=CALLS[:1]),
                         {"role": "tool", "content": "r", "tool_call_id": "call0abcd"},
                         assistant("a", reasoning_content="then"), user("b")],
    "thought": [user("q"), assistant("a", thinking="hm", reasoning="hm"), user("r")],
    "image urls": [user([{"type": "text", "text": "a"}, IMAGE, IMAGE, {"type": "text", "text": "b"}]), assistant("two"),
                   user([IMAGE])],
    "parts everywhere": [{"role": "system", "content": [{"type": "text", "text": "s"}]}, user([{"type": "text", "text": "u"}]),
                         assistant([{"type": "text", "text": "a"}]), user([{"type": "text", "text": "v"}])],
    "developer": [{"role": "developer", "content": "d"}, user("u")],
    "two systems": [{"role": "system", "content": "s"}, user("u"), {"role": "system", "content": "t"}, user("v")],
    "prefill": [user("u"), assistant("I")],
    "spaces": [{"role": "system", "content": "\n\n"}, user("  \t"), assistant("\n a \n"), user("\u3000b\u00a0")],
    "unknown role": [{"role": "wizard", "content": "x"}, user("u")],
    "no role": [{"content": "x"}],
}
SETTINGS = [
    {}, {"add_generation_prompt": True}, {"tools": TOOLS, "add_generation_prompt": True},
    {"tools": TOOLS, "add_generation_prompt": True, "enable_thinking": False, "thinking": False, "date_string": "1 May 2025"},
    {"add_generation_prompt": True, "enable_thinking": True, "thinking": True, "reasoning_effort": "high",
     "documents": [{"title": "t", "text": "x", "doc_id": 1}], "tools_in_user_message": False},
]


def templates(source):
    """(name, text) of the templates in a folder or an archive."""
    if source.is_dir():
        return [(path.name, path.read_text(encoding="utf-8")) for path in sorted(source.rglob("*.jinja"))]
    if source.suffix == ".whl":
        with zipfile.ZipFile(source) as archive:
            return [(pathlib.PurePath(name).name, archive.read(name).decode("utf-8"))
                    for name in sorted(archive.namelist()) if name.endswith(".jinja")]
    with tarfile.open(source) as archive:
        return [(pathlib.PurePath(member.name).name, archive.extractfile(member).read().decode("utf-8"))
                for member in archive if member.name.endswith(".jinja")]


def compare(program, name, template, render):
    cases = [(title, {"messages": messages, "bos_token": "<s>", "eos_token": "</s>", **more})
             for title, messages in [*CONVERSATIONS.items(), *MORE.items()] for more in SETTINGS]
    lines = "".join(json.dumps({"t": template, "v": variables, "now": NOW}) + "\n" for _, variables in cases)
    result = subprocess.run([program], input=lines.encode(), stdout=subprocess.PIPE, check=True)
    counts = {"texts": 0, "errors": 0, "differ": 0}
    for (title, variables), line in zip(cases, result.stdout.decode().splitlines(), strict=True):
        ours, theirs = json.loads(line), render(template, variables)
        if not same(ours, theirs):
            counts["differ"] += 1
            if counts["differ"] <= 2:
                print(f"{name}, {title}, {list(variables)[3:]}\n  ours:   {ours}\n  jinja2: {theirs}")
        else:
            counts["texts" if "ok" in theirs else "errors"] += 1
    return counts


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("sources", nargs="+", type=pathlib.Path)
    parser.add_argument("--report", type=pathlib.Path)
    arguments = parser.parse_args()
    render, rows, seen = renderer(), [], set()
    for source in arguments.sources:
        for name, template in templates(source):
            if template in seen:
                continue
            seen.add(template)
            rows.append((source.name, name.removesuffix(".jinja"), compare(arguments.program, name, template, render)))
    total = {key: sum(row[2][key] for row in rows) for key in rows[0][2]}
    print(f"{len(rows)} templates: {total}")
    if arguments.report:
        lines = [f"| {source} | {name} | {c['texts']} | {c['errors']} | {c['differ']} |" for source, name, c in rows]
        arguments.report.write_text("\n".join(["| source | template | same text | same error | differ |", "|---|---|---|---|---|",
                                               *lines]) + "\n", encoding="utf-8")
    return total["differ"] > 0


if __name__ == "__main__":
    sys.exit(main())
