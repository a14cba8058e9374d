#include "core/base/json.h"

#include <charconv>
#include <cmath>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "core/base/concat.h"
#include "core/base/utf8.h"

namespace erato {
namespace {

// Between two strings or brackets there is a number, a word or space: nothing that is ever long.
constexpr size_t kMaxGapBytes = size_t{1} << 20;

absl::Status LimitError(std::string_view where, std::string_view what, size_t at, size_t limit) {
  return absl::ResourceExhaustedError(Concat("[", where, "] ", what, " of JSON at byte ", at,
                                             ", got more than ", limit, ", expected no more"));
}

// Each byte that is not UTF-8 becomes U+FFFD.
std::string Mended(std::string_view text) {
  std::string out;
  for (size_t bad; (bad = FirstInvalidUtf8(text)) != std::string_view::npos;) {
    out.append(text.substr(0, bad)).append("\xef\xbf\xbd");
    text.remove_prefix(bad + 1);
  }
  return out.append(text);
}

template <typename T>
void AppendNumber(T number, std::string& out) {
  char digits[32];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

struct Writer {
  std::string& out;

  void operator()(std::monostate) { out += "null"; }
  void operator()(bool truth) { out += truth ? "true" : "false"; }
  void operator()(int64_t number) { AppendNumber(number, out); }
  void operator()(uint64_t number) { AppendNumber(number, out); }
  void operator()(double number) {
    if (!std::isfinite(number)) return (*this)(std::monostate());
    const size_t begin = out.size();
    AppendNumber(number, out);
    if (out.find_first_of(".e", begin) == std::string::npos) out += ".0";  // so that it stays one
  }
  void operator()(const std::string& text) {
    const bool good = FirstInvalidUtf8(text) == std::string_view::npos;
    AppendJsonString(good ? text : Mended(text), out);
  }
  void operator()(const Json::Array& items) {
    out += '[';
    for (const Json& item : items) {
      if (&item != items.data()) out += ',';
      item.Visit(*this);
    }
    out += ']';
  }
  void operator()(const Json::Object& members) {
    out += '{';
    for (const auto& [key, value] : members) {
      if (&key != &members.front().first) out += ',';
      (*this)(key);
      out += ':';
      value.Visit(*this);
    }
    out += '}';
  }
};

}  // namespace

// By hand: libstdc++ 12 takes a variant of strings and vectors to be never without a value, and
// destroys what was never made where memory ends while one is copied.
Json::Json(const Json& other) {
  std::visit([this](const auto& held) { value_ = held; }, other.value_);
}

Json& Json::operator=(const Json& other) {
  Json copy(other);
  value_.swap(copy.value_);
  return *this;
}

const char* Json::type_name() const {
  if (is_null()) return "null";
  if (is_boolean()) return "boolean";
  if (is_number()) return "number";
  if (is_string()) return "string";
  return is_array() ? "array" : "object";
}

size_t Json::size() const {
  if (const Array* items = array()) return items->size();
  const Object* members = object();
  return members == nullptr ? 0 : members->size();
}

const Json* Json::Find(std::string_view name) const {
  if (const Object* members = object()) {
    for (const auto& [key, value] : *members) {
      if (key == name) return &value;
    }
  }
  return nullptr;
}

absl::Status CheckJsonLimits(std::string_view text, std::string_view where,
                             const JsonLimits& limits) {
  if (text.size() > limits.max_bytes) {
    return absl::ResourceExhaustedError(Concat("[", where, "] size of JSON, got ", text.size(),
                                               " bytes, expected at most ", limits.max_bytes));
  }
  int depth = 0;
  size_t token = 0;  // begin of the string or gap that we are in
  bool in_string = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (i - token > (in_string ? limits.max_string_bytes : kMaxGapBytes)) {
      return LimitError(where, in_string ? "string" : "space", token,
                        in_string ? limits.max_string_bytes : kMaxGapBytes);
    }
    if (in_string && c == '\\') {
      ++i;
    } else if (c == '"') {
      in_string = !in_string;
      token = i;
    } else if (!in_string && std::string_view("[]{},:").find(c) != std::string_view::npos) {
      token = i;
      if (c == '[' || c == '{') ++depth;
      if (c == ']' || c == '}') --depth;
      if (depth > limits.max_depth)
        return LimitError(where, "depth", i, static_cast<size_t>(limits.max_depth));
    }
  }
  return absl::OkStatus();
}

std::string WriteJson(const Json& value) {
  std::string out;
  value.Visit(Writer{out});
  return out;
}

void AppendJsonString(std::string_view text, std::string& out) {
  constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (const auto byte = static_cast<unsigned char>(c); byte < 0x20) {
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

std::string Excerpt(std::string_view text, size_t max_bytes) {
  const bool whole = text.size() <= max_bytes;
  return Concat(absl::CEscape(AbslView(text.substr(0, max_bytes))), whole ? "" : "…");
}

}  // namespace erato
