// Simple case mapping by rules over blocks instead of tables: within a block upper- and lower-case
// letters either lie a fixed distance apart or alternate. Source of the facts: Unicode 15,
// UnicodeData.txt and SpecialCasing.txt.
#include <iterator>

#include "tokenizer/template/unicode.h"

namespace erato::unicode {
namespace {

// Upper-case letters first … last; lower-case is `distance` above. Distance 1: they alternate,
// upper-case where the code's parity is that of `first`.
struct Block {
  uint32_t first, last;
  int32_t distance;
};

constexpr Block kBlocks[] = {
    {'A', 'Z', 32},       {0xC0, 0xD6, 32},        {0xD8, 0xDE, 32},     {0x100, 0x12F, 1},
    {0x132, 0x137, 1},    {0x139, 0x148, 1},       {0x14A, 0x177, 1},    {0x178, 0x178, -121},
    {0x179, 0x17E, 1},    {0x1CD, 0x1DC, 1},       {0x1DE, 0x1EF, 1},    {0x1F8, 0x21F, 1},
    {0x222, 0x233, 1},    {0x246, 0x24F, 1},       {0x370, 0x373, 1},    {0x386, 0x386, 38},
    {0x388, 0x38A, 37},   {0x38C, 0x38C, 64},      {0x38E, 0x38F, 63},   {0x391, 0x3A1, 32},
    {0x3A3, 0x3AB, 32},   {0x3D8, 0x3EF, 1},       {0x400, 0x40F, 80},   {0x410, 0x42F, 32},
    {0x460, 0x481, 1},    {0x48A, 0x4BF, 1},       {0x4C1, 0x4CE, 1},    {0x4D0, 0x52F, 1},
    {0x531, 0x556, 48},   {0x1C90, 0x1CBA, -3008}, {0x1E00, 0x1E95, 1},  {0x1EA0, 0x1EFF, 1},
    {0x2160, 0x216F, 16}, {0x24B6, 0x24CF, 26},    {0xFF21, 0xFF3A, 32}, {0x10400, 0x10427, 40}};

uint32_t Lower(uint32_t code) {
  for (const Block& b : kBlocks) {
    if (code < b.first || code > b.last) continue;
    if (b.distance != 1) return code + static_cast<uint32_t>(b.distance);
    return (code - b.first) % 2 == 0 ? code + 1 : code;
  }
  return code;
}

uint32_t Upper(uint32_t code) {
  for (const Block& b : kBlocks) {
    if (b.distance == 1) {
      if (code >= b.first && code <= b.last) return (code - b.first) % 2 == 1 ? code - 1 : code;
      continue;
    }
    const uint32_t upper = code - static_cast<uint32_t>(b.distance);
    if (upper >= b.first && upper <= b.last) return upper;
  }
  return code;
}

}  // namespace

void AppendLower(uint32_t code, std::string& out) {
  if (code == 0x130) {  // İ: i and a combining dot
    out += "i\xCC\x87";
    return;
  }
  if (code == 0x1E9E) return Append(0xDF, out);  // ẞ
  Append(Lower(code), out);
}

void AppendUpper(uint32_t code, std::string& out) {
  switch (code) {
    case 0xB5:
      return Append(0x39C, out);  // µ
    case 0xDF:
      out += "SS";
      return;
    case 0x131:  // ı
      out += 'I';
      return;
    case 0x149:  // ŉ
      out += "\xCA\xBCN";
      return;
    case 0x17F:  // ſ
      out += 'S';
      return;
    case 0x3C2:
      return Append(0x3A3, out);  // ς
    case 0xFB00:
      out += "FF";
      return;
    case 0xFB01:
      out += "FI";
      return;
    case 0xFB02:
      out += "FL";
      return;
    default:
      Append(Upper(code), out);
  }
}

void AppendTitle(uint32_t code, std::string& out) {
  std::string upper;
  AppendUpper(code, upper);
  if (code == 0xDF || (code >= 0xFB00 && code <= 0xFB02)) upper[1] += 'a' - 'A';
  out += upper;
}

}  // namespace erato::unicode
