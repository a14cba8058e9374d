// utf8proc's own normaliser orders combining marks by insertion, which is quadratic in a run of
// them: a megabyte of marks would take hours. So the three steps of the annex are taken one by one
// here: decompose each code point (utf8proc), order each run of marks by a stable sort, compose
// (utf8proc, which is linear there).
#include "tokenizer/normal_form.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "tokenizer/nfc.h"
#include "tokenizer/pipeline/young_letters.h"
#include "tokenizer/utf8.h"

namespace erato {
namespace {

using Scalar = utf8proc_int32_t;

// What no form changes. Form C leaves all below U+0300, and none of these combines with another.
bool IsNormal(std::string_view text, NormalForm form) {
  const unsigned char limit = form == NormalForm::kC ? 0xCC : 0x80;
  return std::all_of(text.begin(), text.end(),
                     [=](char c) { return static_cast<unsigned char>(c) < limit; });
}

void AppendDecomposed(char32_t value, bool compatible, std::vector<Scalar>& out) {
  constexpr int kMost = 32;  // the longest decomposition, of U+FDFA, has 18
  Scalar parts[kMost];
  int boundary = 0;
  const auto options =
      static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | (compatible ? UTF8PROC_COMPAT : 0));
  const utf8proc_ssize_t n =
      utf8proc_decompose_char(static_cast<Scalar>(value), parts, kMost, options, &boundary);
  if (n < 1 || n > kMost) {
    out.push_back(static_cast<Scalar>(value));
  } else {
    out.insert(out.end(), parts, parts + n);
  }
}

int CombiningClass(Scalar value) { return utf8proc_get_property(value)->combining_class; }

void OrderMarks(std::vector<Scalar>& scalars) {
  std::vector<std::pair<int, Scalar>> run;
  for (size_t at = 0; at < scalars.size();) {
    run.clear();
    size_t end = at;
    for (; end < scalars.size(); ++end) {
      const int combining_class = CombiningClass(scalars[end]);
      if (combining_class == 0) break;
      run.emplace_back(combining_class, scalars[end]);
    }
    std::stable_sort(run.begin(), run.end(), [](auto& a, auto& b) { return a.first < b.first; });
    for (size_t i = 0; i < run.size(); ++i) scalars[at + i] = run[i].second;
    at = std::max(end, at + 1);
  }
}

// utf8proc takes this letter for a trailing consonant and drops it after a Hangul syllable. It
// combines with nothing, so that composition can begin anew at it.
constexpr Scalar kHangulTrailBase = 0x11A7;

void AppendComposed(Scalar* scalars, ptrdiff_t count, std::string& out) {
  constexpr auto kCompose = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE);
  const utf8proc_ssize_t n = utf8proc_normalize_utf32(scalars, count, kCompose);
  for (utf8proc_ssize_t i = 0; i < n; ++i) AppendUtf8(static_cast<char32_t>(scalars[i]), out);
}

// Appends the form of a text without young letters.
void AppendNormal(std::string_view text, NormalForm form, std::string& out) {
  const bool compatible = form == NormalForm::kKc || form == NormalForm::kKd;
  std::vector<Scalar> scalars;
  scalars.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const CodePoint c = DecodeCodePoint(text, at);
    if (c.value < 0x80) {
      scalars.push_back(static_cast<Scalar>(c.value));
    } else {
      AppendDecomposed(c.value, compatible, scalars);
    }
    at += c.bytes;
  }
  OrderMarks(scalars);
  if (form == NormalForm::kD || form == NormalForm::kKd) {
    for (Scalar scalar : scalars) AppendUtf8(static_cast<char32_t>(scalar), out);
    return;
  }
  for (auto at = scalars.begin(); at != scalars.end();) {
    const auto end = std::find(at + 1, scalars.end(), kHangulTrailBase);
    AppendComposed(&*at, end - at, out);
    at = end;
  }
}

}  // namespace

std::string Normalize(std::string_view text, NormalForm form) {
  if (IsNormal(text, form)) return std::string(text);
  std::string out;
  out.reserve(text.size());
  size_t begin = 0;
  for (size_t at = 0; at < text.size();) {
    const CodePoint c = DecodeCodePoint(text, at);
    if (letter::IsYoungInNormalForms(c.value)) {
      AppendNormal(text.substr(begin, at - begin), form, out);
      out.append(text, at, c.bytes);
      begin = at + c.bytes;
    }
    at += c.bytes;
  }
  AppendNormal(text.substr(begin), form, out);
  return out;
}

std::string NormalizeNfc(std::string_view text) { return Normalize(text, NormalForm::kC); }

bool MayJoin(char32_t value) {
  if (value < 0x300) return false;
  // Ideographs, and Hangul syllables, which only what comes after them changes.
  if ((value >= 0x3400 && value <= 0x9FFF) || (value >= 0xAC00 && value <= 0xD7A3)) return false;
  std::vector<Scalar> parts;
  AppendDecomposed(value, /*compatible=*/true, parts);
  const Scalar first = parts[0];
  if (CombiningClass(first) != 0) return true;
  // Vowels and trailing consonants of Hangul, and letters of class 0 that compose: all of them are
  // marks, but for those.
  if (first >= 0x1160 && first <= 0x11FF) return true;
  const utf8proc_category_t category = utf8proc_category(first);
  return category >= UTF8PROC_CATEGORY_MN && category <= UTF8PROC_CATEGORY_ME;
}

}  // namespace erato
