"""Strings that a tokenizer may meet: all scripts, emoji with joiners, digits, white space, controls, broken UTF-8."""
import random
import unicodedata

# Scripts, symbols and controls that Unicode 13 has whole: no block with room for later letters.
RANGES = [(0x20, 0x7E), (0x61, 0x7A), (0x30, 0x39), (0, 0x1F), (0x7F, 0xFF), (0x100, 0x24F), (0x300, 0x36F),
          (0x3B1, 0x3C9), (0x400, 0x4FF), (0x5D0, 0x5EA), (0x621, 0x64A), (0x660, 0x669), (0x905, 0x939),
          (0x966, 0x96F), (0xE01, 0xE3A), (0x1100, 0x1112), (0x2000, 0x2064), (0x20A0, 0x20BF), (0x2150, 0x218B),
          (0x2460, 0x24FF), (0x2581, 0x2581), (0x3000, 0x303F), (0x3041, 0x3096), (0x4E00, 0x9FA5),
          (0xAC00, 0xD7A3), (0xFF01, 0xFF5E), (0x10400, 0x1044F), (0x1F600, 0x1F64F), (0x20000, 0x2A6D6)]
SPACES = [" ", "  ", "   ", "\n", "\n\n", "\r\n", "\t", " \n", "\n ", "\u00a0", "\u3000", "\u2028", "\x0b", "\x85",
          "  \n  ", "\r", "\n\t", " \t ", "      \n"]
WORDS = ("the of and don't I'LL we're they'VE it's 'S '\u017f Hello na\u00efve foo_bar x=1; 12345 3.14 #include "
         "\u041f\u0440\u0438\u0432\u0435\u0442 \u4f60\u597d \u0928\u092e\u0938\u094d\u0924\u0947 \U0001f44d\U0001f3fd "
         "e\u0301 \u00bd \u00b2 \u2167 <b> </s> ''' ... --- ||| 's 're 'll").split(" ")
EMOJI = ["\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f44d\U0001f3fd", "\U0001f1e9\U0001f1ea", "\u2764\ufe0f",
         "\U0001f3f4\u200d\u2620\ufe0f", "1\ufe0f\u20e3", "\U0001f600"]
ODD = ["\u0130", "\u1e9e", "\u03a3", "\ufb01", "\u2126", "\u212b", "\uff21\uff22\uff23", "\u3300", "\u0e33", "\u0958",
       "\ufdfa", "\uac00\u11a8", "\u1100\u1161\u11a8", "e\u0301\u0327", "\u0344", "\u200b", "\ufeff", "\u00ad", "\ufffd",
       "\u00b5", "\u017f", "\u0149", "\u1fbe", "\u24b6", "\u2460", "\u00bc", "\u337f", "\u0f77", "\U0001d15e", "\U0002f800"]
ASSIGNED = [chr(c) for c in range(0x80, 0x30000) if unicodedata.category(chr(c)) not in ("Cn", "Cs", "Co")]


def texts(count, seed, extra=(), words=()):
    """extra: spelt special tokens and the like; words: of a corpus, so that merges have something to do."""
    rng = random.Random(seed)
    pool = WORDS + list(extra)
    for _ in range(count):
        parts = []
        for _ in range(rng.randint(1, 12 if rng.random() < 0.98 else 200)):
            kind = rng.random()
            if kind < 0.3:
                parts.append(rng.choice(pool))
            elif kind < 0.4 and words:
                parts.append(rng.choice(words))
            elif kind < 0.65:
                parts.append(rng.choice(SPACES))
            elif kind < 0.7:
                parts.append(rng.choice(EMOJI))
            elif kind < 0.76:
                parts.append(rng.choice(ODD))
            elif kind < 0.8:
                parts.append("".join(rng.choice(ASSIGNED) for _ in range(rng.randint(1, 3))))
            elif kind < 0.82:
                parts.append(rng.choice("a ?\n1\u0301\u3042\u00e9\u2581") * rng.randint(2, 40))
            elif kind < 0.83:
                parts.append(rng.randbytes(rng.randint(1, 8)).decode("utf-8", "replace"))
            elif kind < 0.87:
                parts.append(str(rng.randint(0, 10 ** rng.randint(1, 9))))
            else:
                low, high = rng.choice(RANGES)
                parts.append("".join(chr(rng.randint(low, high)) for _ in range(rng.randint(1, 4))))
        yield "".join(parts)
