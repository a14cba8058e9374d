#include "tokenizer/template/unicode.h"

#include <algorithm>
#include <iterator>

namespace erato::unicode {
namespace {

struct Range {
  uint32_t first, last;
};

template <size_t n>
bool In(const Range (&ranges)[n], uint32_t code) {
  const Range* r = std::lower_bound(std::begin(ranges), std::end(ranges), code,
                                    [](const Range& a, uint32_t c) { return a.last < c; });
  return r != std::end(ranges) && r->first <= code;
}

// White_Space of Unicode plus the four separators that Python adds (U+001C … U+001F).
constexpr Range kSpaces[] = {{0x09, 0x0D},     {0x1C, 0x20},     {0x85, 0x85},     {0xA0, 0xA0},
                             {0x1680, 0x1680}, {0x2000, 0x200A}, {0x2028, 0x2029}, {0x202F, 0x202F},
                             {0x205F, 0x205F}, {0x3000, 0x3000}};

// Controls, separators other than the space, format characters, surrogates, private use,
// non-characters.
constexpr Range kUnprintable[] = {
    {0x00, 0x1F},       {0x7F, 0xA0},       {0xAD, 0xAD},       {0x600, 0x605},
    {0x61C, 0x61C},     {0x6DD, 0x6DD},     {0x70F, 0x70F},     {0x890, 0x891},
    {0x8E2, 0x8E2},     {0x1680, 0x1680},   {0x180E, 0x180E},   {0x2000, 0x200F},
    {0x2028, 0x202F},   {0x205F, 0x206F},   {0x3000, 0x3000},   {0xD800, 0xF8FF},
    {0xFDD0, 0xFDEF},   {0xFEFF, 0xFEFF},   {0xFFF0, 0xFFFB},   {0xFFFE, 0xFFFF},
    {0x110BD, 0x110BD}, {0x110CD, 0x110CD}, {0x13430, 0x1343F}, {0x1BCA0, 0x1BCA3},
    {0x1D173, 0x1D17A}, {0x1FFFE, 0x1FFFF}, {0xE0000, 0xE00FF}, {0xE01F0, 0xFFFFFFFF}};

constexpr Range kLetters[] = {
    {'A', 'Z'},       {'a', 'z'},       {0xAA, 0xAA},       {0xB5, 0xB5},       {0xBA, 0xBA},
    {0xC0, 0xD6},     {0xD8, 0xF6},     {0xF8, 0x2C1},      {0x2C6, 0x2D1},     {0x370, 0x374},
    {0x376, 0x377},   {0x37A, 0x37D},   {0x37F, 0x37F},     {0x386, 0x386},     {0x388, 0x3FF},
    {0x400, 0x481},   {0x48A, 0x52F},   {0x531, 0x556},     {0x560, 0x588},     {0x5D0, 0x5EA},
    {0x620, 0x64A},   {0x66E, 0x66F},   {0x671, 0x6D3},     {0x904, 0x939},     {0x985, 0x9B9},
    {0xA05, 0xA39},   {0xA85, 0xAB9},   {0xB05, 0xB39},     {0xB85, 0xBB9},     {0xC05, 0xC39},
    {0xC85, 0xCB9},   {0xD05, 0xD3A},   {0xE01, 0xE30},     {0xE32, 0xE33},     {0xE40, 0xE46},
    {0x10A0, 0x10FA}, {0x10FC, 0x1248}, {0x13A0, 0x13F5},   {0x1E00, 0x1F15},   {0x1F18, 0x1FBC},
    {0x3041, 0x3096}, {0x309D, 0x309F}, {0x30A1, 0x30FA},   {0x30FC, 0x30FF},   {0x3105, 0x312F},
    {0x3400, 0x4DBF}, {0x4E00, 0xA48C}, {0xAC00, 0xD7A3},   {0xF900, 0xFA6D},   {0xFF21, 0xFF3A},
    {0xFF41, 0xFF5A}, {0xFF66, 0xFFBE}, {0x20000, 0x2A6DF}, {0x2A700, 0x2EBE0}, {0x30000, 0x323AF}};

constexpr Range kDigits[] = {{'0', '9'},     {0x660, 0x669}, {0x6F0, 0x6F9},  {0x966, 0x96F},
                             {0x9E6, 0x9EF}, {0xE50, 0xE59}, {0xFF10, 0xFF19}};

}  // namespace

Char At(std::string_view text, size_t offset) {
  if (offset >= text.size()) return {};
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[offset + i]); };
  const uint32_t b = byte(0);
  if (b < 0x80) return {b, 1};
  const size_t n = b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : 2;
  if (b < 0xC2 || b > 0xF4 || text.size() - offset < n) return {kInvalid, 1};
  uint32_t code = b & (0x7F >> n);
  for (size_t i = 1; i < n; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {kInvalid, 1};
    code = code << 6 | (byte(i) & 0x3F);
  }
  const bool overlong = (n == 3 && code < 0x800) || (n == 4 && code < 0x10000);
  if (overlong || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return {kInvalid, 1};
  return {code, n};
}

Char Before(std::string_view text, size_t offset) {
  for (size_t n = 1; n <= 4 && n <= offset; ++n) {
    if ((static_cast<uint8_t>(text[offset - n]) & 0xC0) == 0x80) continue;
    const Char c = At(text, offset - n);
    if (c.bytes == n) return c;
    break;
  }
  return {kInvalid, 1};
}

void Append(uint32_t code, std::string& out) {
  if (code < 0x80) {
    out += static_cast<char>(code);
    return;
  }
  const int n = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  out += static_cast<char>((0xF00 >> n & 0xFF) | code >> 6 * (n - 1));
  for (int i = n - 2; i >= 0; --i) out += static_cast<char>(0x80 | (code >> 6 * i & 0x3F));
}

size_t Length(std::string_view text) {
  size_t n = 0;
  for (size_t at = 0; at < text.size(); at += At(text, at).bytes) ++n;
  return n;
}

size_t OffsetOf(std::string_view text, size_t index) {
  size_t at = 0;
  for (; index > 0 && at < text.size(); --index) at += At(text, at).bytes;
  return at;
}

size_t FirstInvalid(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const Char c = At(text, at);
    if (c.code == kInvalid) return at;
    at += c.bytes;
  }
  return std::string_view::npos;
}

bool IsSpace(uint32_t code) { return In(kSpaces, code); }
bool IsPrintable(uint32_t code) { return !In(kUnprintable, code); }
bool IsLetter(uint32_t code) { return In(kLetters, code); }
bool IsDigit(uint32_t code) { return In(kDigits, code); }

bool IsUpper(uint32_t code) {
  std::string lower, same;
  AppendLower(code, lower);
  Append(code, same);
  return lower != same;
}

bool IsLower(uint32_t code) {
  if (code == kInvalid) return false;
  std::string upper, same;
  AppendUpper(code, upper);
  Append(code, same);
  return upper != same || code == 0xAA || code == 0xBA || code == 0x138;
}

}  // namespace erato::unicode
