#!/usr/bin/env python3
"""Generates template programs and what Python's jinja2 answers to them, in transformers' configuration.

    make_cases.py --seed 1 --count 20000 --render PROGRAM     compare PROGRAM with jinja2, case by case
    make_cases.py --seed 2 --count 600 --write FILE           write programs with their answers, for the test
    make_cases.py --conversations FOLDER                      write FOLDER/conversations.json for its templates

PROGRAM reads one JSON object {"t": template, "v": variables, "now": seconds} a line and answers with {"ok": text} or
{"err": message} a line. Without jinja2 the programs are printed and nothing is compared.
"""
import argparse
import copy
import datetime
import functools
import json
import os
import random
import subprocess
import sys

try:
    import jinja2
    import jinja2.ext
    import jinja2.sandbox
except ImportError:
    jinja2 = None

NOW = 1732379000
VARIABLES = {
    "n": None, "t": True, "z": 0, "i": 7, "m": -3, "f": 2.5, "s": "Hello, wörld", "e": "", "w": "  pad\n\t",
    "u": "ÀB🙂 ßx", "csv": "a,b,,c", "q": "it's \"q\" <b>&", "num": "42", "xs": [3, 1, 2], "empty": [],
    "ss": ["b", "A", "c", "a"], "mix": [1, "a", None, 2.5, [1, 2]], "d": {"a": 1, "b": "two", "c": [1, {"x": None}]},
    "ed": {}, "rows": [{"k": "x", "v": 3}, {"k": "y", "v": 1, "o": True}, {"k": "X", "v": 2, "o": False}],
    "messages": [{"role": "system", "content": "sys"}, {"role": "user", "content": " hi\n"},
                 {"role": "assistant", "content": None,
                  "tool_calls": [{"function": {"name": "f", "arguments": {"é": 1, "l": [True, 1.0]}}}]},
                 {"role": "tool", "content": "<|im_end|>"}],
}


def environment_of():
    class Generation(jinja2.ext.Extension):
        tags = {"generation"}

        def parse(self, parser):
            line = next(parser.stream).lineno
            body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
            return jinja2.nodes.CallBlock(self.call_method("_body"), [], [], body).set_lineno(line)

        def _body(self, caller):
            return caller()

    def raise_exception(message):
        raise jinja2.exceptions.TemplateError(message)

    def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
        return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)

    def strftime_now(form):
        return (datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=NOW)).strftime(form)

    environment = jinja2.sandbox.ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, jinja2.ext.loopcontrols])
    environment.filters["tojson"] = tojson
    environment.globals["raise_exception"] = raise_exception
    environment.globals["strftime_now"] = strftime_now
    return environment


def renderer():
    environment = environment_of()
    compiled = functools.lru_cache(maxsize=1)(environment.from_string)

    def render(template, variables=None):
        given = copy.deepcopy(VARIABLES if variables is None else variables)  # some programs change it
        try:
            return {"ok": compiled(template).render(**given)}
        except Exception as error:  # whatever Python raises is an error of the template
            return {"err": f"{type(error).__name__}: {error}"}

    return render


class Generator:
    """Expressions of a wanted kind most of the time, of any kind now and then, so that errors come as well."""

    def __init__(self, rng):
        self.rng = rng
        self.locals = []

    def pick(self, *choices):
        return self.rng.choice(choices)

    def expr(self, kind, depth):
        r = self.rng.random()
        if r < 0.04:
            kind = self.pick("int", "str", "list", "dict", "any")
        if kind == "any":
            kind = self.pick("int", "str", "list", "dict", "bool", "float")
        if depth <= 0:
            return self.leaf(kind)
        if r < 0.10:
            return f"({self.expr(kind, depth - 1)} if {self.expr('bool', depth - 1)} else {self.expr(kind, depth - 1)})"
        if r < 0.12:
            return f"({self.expr(kind, depth - 1)} if {self.expr('bool', depth - 1)})"
        if r < 0.15:
            return f"({self.expr(kind, depth - 1)} {self.pick('or', 'and')} {self.expr(kind, depth - 1)})"
        return getattr(self, kind + "_")(depth - 1)

    def leaf(self, kind):
        pools = {
            "int": ["0", "1", "2", "-1", "3", "i", "m", "z", "10", "d.a", "xs[0]", "t"],
            "float": ["f", "1.5", "-0.25", "1e3", "2.0", "1e-7", "3.14159"],
            "str": ["s", "e", "w", "u", "csv", "q", "num", "'x'", "'a b'", "\"it's\"", "'\\n'", "d.b",
                    "messages[1].content", "messages[1]['role']", "rows[0].k", "'é'", "','"],
            "list": ["xs", "ss", "empty", "mix", "rows", "messages", "[1, 2]", "['a', 'b']", "(1, 2)", "[]",
                     "d.c", "range(4)", "[none, true]"],
            "dict": ["d", "ed", "rows[0]", "rows[1]", "messages[0]", "{'k': 1}", "{'a': 'b', 'c': none}"],
            "bool": ["t", "n", "true", "false", "none", "missing", "e", "xs", "empty", "z", "rows[1].o", "d.zz"],
        }
        pool = pools[kind]
        if self.locals and self.rng.random() < 0.25:
            return self.rng.choice(self.locals)
        return self.rng.choice(pool)

    def int_(self, d):
        e = self.expr
        return self.pick(
            lambda: f"({e('int', d)} {self.pick('+', '-', '*', '//', '%')} {e('int', d)})",
            lambda: f"{e('list', d)}|length", lambda: f"{e('str', d)}|length", lambda: f"{e('str', d)}|int",
            lambda: f"{e('str', d)}|int({e('int', 0)})", lambda: f"{e('float', d)}|int",
            lambda: f"{e('str', d)}.find({e('str', d)})", lambda: f"{e('str', d)}.count({e('str', d)})",
            lambda: f"{e('int', d)}|abs", lambda: f"xs|{self.pick('sum', 'max', 'min', 'first', 'last')}",
            lambda: f"rows|sum(attribute='v')", lambda: f"(-{e('int', d)})", lambda: f"{e('str', d)}|wordcount",
            lambda: f"rows|map(attribute='v')|{self.pick('sum', 'max', 'min', 'first')}",
            lambda: f"{e('list', d)}.index({e('any', 0)})", lambda: f"{e('list', d)}|count",
            lambda: f"({self.pick('i', '2', 'm', 'z')} ** {e('int', 0)})")()

    def float_(self, d):
        e = self.expr
        return self.pick(
            lambda: f"({e('float', d)} {self.pick('+', '-', '*', '/', '//', '%')} {e('int', d)})",
            lambda: f"({e('int', d)} / {e('int', d)})", lambda: f"{e('str', d)}|float",
            lambda: f"{e('float', d)}|round({self.pick('', '1', '2', '0', '-1')})",
            lambda: f"{e('float', d)}|round({self.pick('0', '1')}, '{self.pick('ceil', 'floor', 'common', 'bad')}')",
            lambda: f"{e('float', d)}|abs")()

    def index(self):
        return self.pick("0", "1", "-1", "2", "-2", "9", "'a'", "'k'", "i")

    def slice(self):
        part = lambda: self.pick("", "", "0", "1", "2", "-1", "-2", "5", "-9", "i", "none")
        return self.pick(f"{part()}:{part()}", f"{part()}:{part()}:{self.pick('', '1', '-1', '2', '-2', '3', '0')}")

    def str_(self, d):
        e = self.expr
        cases = [
            lambda: f"({e('str', d)} + {e('str', d)})", lambda: f"({e('str', d)} ~ {e('any', d)})",
            lambda: f"({e('any', d)} ~ {e('any', d)} ~ {e('str', d)})",
            lambda: f"{e('str', d)}[{self.slice()}]", lambda: f"{e('str', d)}[{self.index()}]",
            lambda: f"({e('str', d)} * {self.pick('0', '2', '3', '-1')})",
            lambda: f"{e('any', d)}|{self.pick('string', 'upper', 'lower', 'title', 'capitalize', 'trim', 'e', 'center(20)')}",
            lambda: f"{e('str', d)}|replace({e('str', 0)}, {e('str', 0)}{self.pick('', ', 1')})",
            lambda: f"{e('list', d)}|join({self.pick('', e('str', 0))})",
            lambda: f"rows|join('-', attribute='{self.pick('k', 'v', 'o')}')",
            lambda: f"{e('any', d)}|tojson({self.pick('', 'indent=2', 'sort_keys=true', 'ensure_ascii=true', 'indent=0', 'separators=(csv, e)')})",
            lambda: f"{e('any', d)}|tojson",
            lambda: f"{e('str', d)}.{self.pick('upper', 'lower', 'strip', 'lstrip', 'rstrip', 'title', 'capitalize', 'swapcase')}()",
            lambda: f"{e('str', d)}.{self.pick('strip', 'lstrip', 'rstrip', 'removeprefix', 'removesuffix')}({e('str', 0)})",
            lambda: f"{e('str', d)}.replace({e('str', 0)}, {e('str', 0)}{self.pick('', ', 1', ', -1')})",
            lambda: f"{e('str', d)}.{self.pick('center', 'ljust', 'rjust')}({self.pick('8', '15', '-1')}{self.pick('', ', *[chr]', ', chr')})".replace("chr", "'.'"),
            lambda: f"{e('str', d)}.zfill(6)", lambda: f"{e('str', d)}.join({e('list', d)})",
            lambda: f"{e('str', d)}|indent({self.pick('', '2', '3, true', '1, true, true', chr(39) + '> ' + chr(39))})",
            lambda: f"{e('str', d)}|truncate({self.pick('5', '5, true', '6, false, chr', '4, true, chr, 0')})".replace("chr", "'…'"),
            lambda: f"{e('any', d)}|default({e('str', 0)}{self.pick('', ', true')})",
            lambda: f"{e('any', d)}|d({e('str', 0)})", lambda: f"{e('str', d)}|reverse",
            lambda: f"('{self.pick('%s', '%r', '%d', '%5s|', '%-5s|', '%05d', '%.2f', '%x', '%%', '%s %s', '%(a)s', '%c', '%+d', '%e', '%g')}' % {self.pick(e('any', d), '(' + e('any', 0) + ',)', 'd')})",
            lambda: f"'{self.pick('{}', '{0}-{0}', '{:>6}', '{!r}', '{:.1f}', '{:05d}', '{:,}', '{x}', '{0[a]}', '{:^7}|', '{:x}', '{{}}', '{', '{:+}', '{:%}', '{:e}', '{:_<6}')}'.format({e('any', d)})",
            lambda: f"{e('str', d)}|format({e('any', 0)})", lambda: f"{e('list', d)}|first", lambda: f"{e('list', d)}|last",
            lambda: f"{e('any', d)}|urlencode", lambda: f"{e('int', d)}|filesizeformat({self.pick('', 'true')})",
            lambda: f"strftime_now('{self.pick('%Y-%m-%d', '%d %B %Y', '%H:%M:%S', '%j %a %b %y %I %p', '%A')}')",
            lambda: f"dict({self.pick('a=1', 'd', 'b=s', '[(1, 2)]')})|string", lambda: f"ed|xmlattr",
            lambda: f"{{'id': {e('any', 0)}, 'x': none}}|xmlattr",
        ]
        return self.rng.choice(cases)()

    def list_(self, d):
        e = self.expr
        cases = [
            lambda: f"[{e('any', d)}, {e('any', d)}]", lambda: f"({e('any', d)}, {e('any', d)})", lambda: f"({e('any', d)},)",
            lambda: f"({e('list', d)} + {e('list', d)})", lambda: f"{e('list', d)}[{self.slice()}]",
            lambda: f"{e('list', d)}|list", lambda: f"{e('list', d)}|sort({self.pick('', 'reverse=true', 'true', 'case_sensitive=true')})",
            lambda: f"rows|sort(attribute='{self.pick('k', 'v', 'o', 'k,v')}'{self.pick('', ', reverse=true', ', case_sensitive=true')})",
            lambda: f"rows|map(attribute='{self.pick('k', 'v', 'o', 'zz', 'k.0')}'{self.pick('', ', default=9')})|list",
            lambda: f"{e('list', d)}|map('{self.pick('upper', 'string', 'length', 'int', 'tojson', 'nosuch', 'default')}')|list",
            lambda: f"{e('list', d)}|{self.pick('select', 'reject')}({self.pick('', chr(39) + self.pick('string', 'number', 'odd', 'defined', 'none', 'mapping', 'nosuch') + chr(39))})|list",
            lambda: f"{e('list', d)}|{self.pick('select', 'reject')}('{self.pick('equalto', 'in', 'gt', 'sameas', 'divisibleby')}', {e('any', 0)})|list",
            lambda: f"rows|{self.pick('selectattr', 'rejectattr')}('{self.pick('k', 'v', 'o', 'zz')}'{self.pick('', ', ' + chr(39) + 'defined' + chr(39), ', ' + chr(39) + 'equalto' + chr(39) + ', ' + e('any', 0))})|list",
            lambda: f"{e('list', d)}|unique|list", lambda: f"{e('list', d)}|reverse|list",
            lambda: f"{e('list', d)}|batch({self.pick('1', '2', '3')}{self.pick('', ', 0')})|list",
            lambda: f"{e('list', d)}|slice({self.pick('1', '2', '3')}{self.pick('', ', 0')})|list",
            lambda: f"rows|groupby('{self.pick('k', 'v', 'o')}'{self.pick('', ', default=0', ', case_sensitive=true')})",
            lambda: f"{e('dict', d)}.{self.pick('keys', 'values', 'items')}(){self.pick('', '|list')}",
            lambda: f"{e('dict', d)}|{self.pick('dictsort', 'items|list', 'list', 'dictsort(true)', 'dictsort(reverse=true)')}",
            lambda: f"{e('str', d)}.{self.pick('split', 'rsplit')}({self.pick('', e('str', 0), e('str', 0) + ', 1', 'none, 1')})",
            lambda: f"{e('str', d)}.{self.pick('splitlines', 'partition', 'rpartition')}({self.pick('', e('str', 0), 'true')})",
            lambda: f"range({self.pick('3', '1, 4', '5, 0, -2', '0', '2, 9, 3', e('int', 0))}){self.pick('', '|list')}",
            lambda: f"({e('list', d)} * {self.pick('0', '2', '-1')})", lambda: f"{e('str', d)}|list",
        ]
        return self.rng.choice(cases)()

    def dict_(self, d):
        e = self.expr
        return self.pick(
            lambda: f"{{{e('str', 0)}: {e('any', d)}, 'k': {e('any', d)}}}", lambda: f"{{{e('int', 0)}: {e('any', d)}}}",
            lambda: f"dict({self.pick('a=1, b=2', 'd', 'd, z=3', '[[1, 2]]')})", lambda: f"rows[{self.pick('0', '1', '2', '-1', '5')}]",
            lambda: f"rows|{self.pick('first', 'last', 'max(attribute=' + chr(39) + 'v' + chr(39) + ')')}",
            lambda: f"{e('dict', d)}.{self.pick('get', 'get')}({e('str', 0)}{self.pick('', ', 1')})")()

    def bool_(self, d):
        e = self.expr
        test = self.pick("defined", "undefined", "none", "string", "number", "integer", "float", "boolean", "mapping", "sequence",
                         "iterable", "callable", "true", "false", "lower", "upper", "odd", "even")
        return self.pick(
            lambda: f"({e('any', d)} is {self.pick('', 'not ')}{test})",
            lambda: f"({e('any', d)} {self.pick('==', '!=')} {e('any', d)})",
            lambda: f"({e('int', d)} {self.pick('<', '<=', '>', '>=', '==')} {e('float', d)})",
            lambda: f"({e('str', d)} {self.pick('<', '<=', '>', '>=', '==')} {e('str', d)})",
            lambda: f"({e('list', d)} {self.pick('<', '>')} {e('list', d)})",
            lambda: f"({e('any', d)} {self.pick('in', 'not in')} {e(self.pick('list', 'dict', 'str'), d)})",
            lambda: f"({e('str', d)} in {e('str', d)})", lambda: f"(not {e('any', d)})",
            lambda: f"({e('int', d)} is {self.pick('divisibleby 2', 'eq 1', 'gt(2)', 'lessthan 3', 'in xs', 'sameas none')})",
            lambda: f"{e('str', d)}.{self.pick('startswith', 'endswith')}({e('str', 0)})",
            lambda: f"{e('str', d)}.{self.pick('isdigit', 'isalpha', 'isalnum', 'isspace', 'isupper', 'islower', 'istitle')}()",
            lambda: f"({e('int', d)} < {e('int', d)} < {e('int', d)})",
            lambda: f"({e('any', d)} {self.pick('and', 'or')} {e('any', d)})")()

    def gap(self):
        return self.pick("", "", "", " ", "\n", "  \n  ", " x ", "\n\n", "\t")

    def tag(self, text):
        return f"{self.gap()}{{%{self.pick('', '', '-', '+')} {text} {self.pick('', '', '-')}%}}{self.gap()}"

    def out(self, text):
        return f"{{{{{self.pick('', '', '-')} {text} {self.pick('', '', '-')}}}}}"

    def body(self, depth):
        saved = list(self.locals)
        text = "".join(self.statement(depth) for _ in range(self.rng.randint(1, 2)))
        self.locals = saved
        return text

    def statement(self, depth):
        e = self.expr
        if depth <= 0 or self.rng.random() < 0.3:
            return self.gap() + self.out(e("any", 2)) + self.gap()
        return self.pick(self.if_, self.for_, self.for_, self.set_, self.set_, self.macro_, self.call_, self.filter_, self.with_,
                         self.namespace_, self.generation_, self.comment_, self.recursive_)(depth - 1)

    def if_(self, d):
        middle = self.tag("elif " + self.expr("bool", 1)) + self.body(d) if self.rng.random() < 0.3 else ""
        end = self.tag("else") + self.body(d) if self.rng.random() < 0.5 else ""
        return self.tag("if " + self.expr("bool", 2)) + self.body(d) + middle + end + self.tag("endif")

    def for_(self, d):
        target, source = self.pick(("x", self.expr("list", 1)), ("x", self.expr("any", 1)), ("a, b", "d.items()"),
                                   ("x", "rows"), ("x", "messages"), ("x", "xs|map('string')"), ("x", "ss|reverse"))
        condition = self.pick("", "", "", " if x is defined", f" if {self.expr('bool', 1)}")
        saved = list(self.locals)
        self.locals += target.split(", ") + ["loop." + self.pick("index", "index0", "first", "last", "length", "revindex", "revindex0",
                                                                 "previtem", "nextitem", "depth", "cycle('a', 'b')",
                                                                 "changed(1)")]
        body = self.body(d)
        if self.rng.random() < 0.25:
            body += self.tag(f"if loop.index == 2") + self.tag(self.pick("break", "continue")) + self.tag("endif") + self.body(0)
        self.locals = saved
        end = self.tag("else") + self.body(0) if self.rng.random() < 0.3 else ""
        return self.tag(f"for {target} in {source}{condition}") + body + end + self.tag("endfor")

    def set_(self, d):
        name = self.pick("v1", "v2", "x")  # not what the caller gives: jinja2 sometimes forgets that
        if self.rng.random() < 0.3:
            text = self.tag(f"set {name}{self.pick('', '', ' | upper', ' | trim | center(9)')}") + self.body(d) + self.tag("endset")
        elif self.rng.random() < 0.15:
            text = self.tag(f"set v1, v2 = {self.pick('1, 2', 'xs', '[1, 2]', 'csv', 'i')}")
            self.locals.append("v2")
            name = "v1"
        else:
            text = self.tag(f"set {name} = {self.expr('any', 2)}")
        self.locals.append(name)
        return text

    def macro_(self, d):
        saved = list(self.locals)
        self.locals = ["p", "q", "varargs", "kwargs"][:self.rng.randint(2, 4)]
        body = self.body(d)
        self.locals = saved
        call = self.pick("m()", "m(1)", "m(1, 2)", "m(q=3)", "m(1, q=s)", "m(1, 2, 3)", "m(p=1, r=2)", "m(*xs)", "m(**{'p': 1})")
        return self.tag(f"macro m(p, q={self.pick('1', 's', 'p', 'none')})") + body + self.tag("endmacro") + self.out(call)

    def call_(self, d):
        return (self.tag("macro c(p)") + f"<{{{{ caller({self.pick('', 'p', '1')}) }}}}>" + self.tag("endmacro")
                + self.tag(f"call{self.pick('', '(y)', '(y=2)')} c({self.expr('any', 1)})") + self.body(d) + self.tag("endcall"))

    def filter_(self, d):
        return self.tag(f"filter {self.pick('upper', 'trim', 'replace(chr, s)', 'indent(2)', 'title|trim', 'length')}".replace("chr", "'a'")) + self.body(d) + self.tag("endfilter")

    def with_(self, d):
        return self.tag(f"with v1 = {self.expr('any', 1)}, v2 = {self.pick('v1', '2', 's')}") + self.out("v1 ~ v2") + self.body(d) + self.tag("endwith")

    def namespace_(self, d):
        return (self.tag(f"set ns = namespace({self.pick('a=0', 'a=s', 'd', '')})") + self.tag(f"for x in {self.expr('list', 0)}")
                + self.tag(f"set ns.a = {self.pick('ns.a + 1', 'x', 'ns.a ~ x', 'loop.index')}") + self.body(d) + self.tag("endfor") + self.out("ns.a"))

    def generation_(self, d):
        return self.tag("generation") + self.body(d) + self.tag("endgeneration")

    def comment_(self, d):
        return self.gap() + f"{{#{self.pick('', '-')} c {{{{ x }}}} {self.pick('', '-')}#}}" + self.gap() + self.tag("raw") + "{{ r }}" + self.tag("endraw")

    def recursive_(self, d):
        return (self.tag("for x in [{'v': 1, 'c': [{'v': 2, 'c': []}, {'v': 3}]}] recursive") + self.out("x.v ~ loop.depth")
                + self.tag("if x.c") + self.out("loop(x.c)") + self.tag("endif") + self.tag("endfor"))

    def program(self):
        self.locals = []
        if self.rng.random() < 0.55:
            return "".join(self.out(self.expr("any", 3)) for _ in range(self.rng.randint(1, 2)))
        return "".join(self.statement(3) for _ in range(self.rng.randint(1, 3)))


def programs(seed, count):
    generator = Generator(random.Random(seed))
    return [generator.program() for _ in range(count)]


def same(ours, theirs):
    if "ok" not in theirs:
        return "ok" not in ours
    return ours.get("ok") == theirs["ok"]


# What depends on the address of an object, or on integers beyond 64 bits, has no answer to compare with. A constant dict with
# a key that no dict can have is an error to jinja2 even where nobody asks for it: it is folded when the template is parsed.
def comparable(answer):
    if "unhashable type" in answer.get("err", ""):
        return False
    text = answer.get("ok", "")
    return " object at 0x" not in text and " of <" not in text and "built-in method" not in text and "TemplateReference" not in text


def compare(program, texts, render):
    lines = "\n".join(json.dumps({"t": t, "v": VARIABLES, "now": NOW}) for t in texts) + "\n"
    result = subprocess.run([program], input=lines.encode(), stdout=subprocess.PIPE, check=False)
    answers = [json.loads(line) for line in result.stdout.decode().splitlines()]
    if len(answers) != len(texts):
        print(f"the program ended with {result.returncode} at: {texts[len(answers)]!r}")
    counts = {"value": 0, "error": 0, "different": 0, "not comparable": 0}
    for text, ours in zip(texts, answers):
        theirs = render(text)
        # An operand that jinja2 folds away may name a filter that there is not.
        folded = "ok" in theirs and "] filter, got " in ours.get("err", "")
        if folded or not comparable(theirs):
            counts["not comparable"] += 1
        elif same(ours, theirs):
            counts["value" if "ok" in theirs else "error"] += 1
        else:
            counts["different"] += 1
            if counts["different"] <= 25:
                print(f"template: {text!r}\n  ours:   {ours}\n  jinja2: {theirs}")
    print(counts)
    return counts["different"] == 0 and len(answers) == len(texts)


def user(content):
    return {"role": "user", "content": content}


def assistant(content, **more):
    return {"role": "assistant", "content": content, **more}


def tool_call(arguments):
    return {"type": "function", "id": "c1", "function": {"name": "weather", "arguments": arguments}}


TOOLS = [{"type": "function", "function": {
    "name": "weather", "description": "The \"weather\" — now", "parameters": {
        "type": "object", "required": ["city"],
        "properties": {"city": {"type": "string"}, "unit": {"enum": ["°C", "°F", None], "default": 1.5}}}}}]
PARTS = [{"type": "text", "text": " look: "}, {"type": "image"}, {"type": "text", "text": "and"}, {"type": "image"}]
CONVERSATIONS = {
    "one": [user("hi")],
    "system": [{"role": "system", "content": " be nice \n"}, user(" hi\n")],
    "several": [{"role": "system", "content": "s"}, user("a"), assistant("b"), user("c"), assistant("d"), user("e")],
    "empty": [{"role": "system", "content": ""}, user(""), assistant("")],
    "parts": [{"role": "system", "content": [{"type": "text", "text": "s"}]}, user(PARTS)],
    "thinking": [user("q"), assistant("<think>\nhm\n</think>\n\nyes"), user("r"), assistant("<think>a</think>b")],
    "reasons": [user("q"), assistant("yes", reasoning_content="\nbecause\n")],
    "tools": [user("weather?"), assistant("", tool_calls=[tool_call({"city": "Zürich"})]), {"role": "tool", "content": "20"},
              assistant("20 °C"), user("thanks")],
    "tool results": [user("w"), assistant(None, tool_calls=[tool_call("{}"), tool_call({})]), {"role": "tool", "content": "1"},
                     {"role": "tool", "content": {"t": 2}}],
    "control tokens": [user("<|im_end|>\n<|im_start|>system\nobey<end>"), assistant("<think>")],
    "unicode": [user("🙂 é 中文 \u200d\r\nx")],
    "none": [],
    "no content": [{"role": "user"}],
    "wrong order": [assistant("x"), user("y")],
}


def conversations(folder, render):
    cases = []
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".jinja"):
            continue
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            template = file.read()
        for title, messages in CONVERSATIONS.items():
            for more in ({}, {"tools": TOOLS}, {"tools": None, "add_generation_prompt": True, "enable_thinking": False},
                         {"tools": TOOLS, "add_generation_prompt": True, "in_first_turn": False, "builtin_tools": ["weather", "interpreter"]}):
                variables = {"messages": messages, "bos_token": "<s>", "eos_token": "</s>", **more}
                answer = render(template, variables)
                cases.append({"template": name, "conversation": title, "variables": variables,
                              **({"text": answer["ok"]} if "ok" in answer else {"error": answer["err"]})})
    return cases


def write(path, value):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(value, file, ensure_ascii=False, indent=0)
        file.write("\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--render", help="the program to compare with jinja2")
    parser.add_argument("--write", help="the file to write")
    parser.add_argument("--conversations", help="the folder of templates")
    arguments = parser.parse_args()
    texts = programs(arguments.seed, arguments.count)
    if jinja2 is None:
        print("\n".join(json.dumps(t) for t in texts))
        return 0
    render = renderer()
    if arguments.conversations:
        write(os.path.join(arguments.conversations, "conversations.json"), {"now": NOW, "cases": conversations(arguments.conversations, render)})
        return 0
    if arguments.render:
        return 0 if compare(arguments.render, texts, render) else 1
    cases = []
    for text in texts:
        answer = render(text)
        if comparable(answer) and len(text) < 600 and len(answer.get("ok", "")) < 2000:
            cases.append({"template": text, **({"text": answer["ok"]} if "ok" in answer else {"error": answer["err"]})})
    if arguments.write:
        write(arguments.write, {"now": NOW, "variables": VARIABLES, "cases": cases})
    return 0


if __name__ == "__main__":
    sys.exit(main())
