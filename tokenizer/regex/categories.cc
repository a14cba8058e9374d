// General categories come from utf8proc (Unicode 15). It knows no scripts: the few that published
// expressions name are listed here from Scripts.txt of the Unicode Character Database 15.0.
#include <utf8proc.h>

#include <algorithm>
#include <string>

#include "tokenizer/regex/char_set.h"

namespace erato::regex {
namespace {

constexpr uint32_t Bit(int category) { return uint32_t{1} << category; }

struct NamedMask {
  std::string_view name, long_name;
  uint32_t mask;
};

constexpr uint32_t kLetters = Bit(UTF8PROC_CATEGORY_LU) | Bit(UTF8PROC_CATEGORY_LL) |
                              Bit(UTF8PROC_CATEGORY_LT) | Bit(UTF8PROC_CATEGORY_LM) |
                              Bit(UTF8PROC_CATEGORY_LO);
constexpr uint32_t kMarks =
    Bit(UTF8PROC_CATEGORY_MN) | Bit(UTF8PROC_CATEGORY_MC) | Bit(UTF8PROC_CATEGORY_ME);
constexpr uint32_t kNumbers =
    Bit(UTF8PROC_CATEGORY_ND) | Bit(UTF8PROC_CATEGORY_NL) | Bit(UTF8PROC_CATEGORY_NO);
constexpr uint32_t kPunctuation = Bit(UTF8PROC_CATEGORY_PC) | Bit(UTF8PROC_CATEGORY_PD) |
                                  Bit(UTF8PROC_CATEGORY_PS) | Bit(UTF8PROC_CATEGORY_PE) |
                                  Bit(UTF8PROC_CATEGORY_PI) | Bit(UTF8PROC_CATEGORY_PF) |
                                  Bit(UTF8PROC_CATEGORY_PO);
constexpr uint32_t kSymbols = Bit(UTF8PROC_CATEGORY_SM) | Bit(UTF8PROC_CATEGORY_SC) |
                              Bit(UTF8PROC_CATEGORY_SK) | Bit(UTF8PROC_CATEGORY_SO);
constexpr uint32_t kSeparators =
    Bit(UTF8PROC_CATEGORY_ZS) | Bit(UTF8PROC_CATEGORY_ZL) | Bit(UTF8PROC_CATEGORY_ZP);
constexpr uint32_t kOthers = Bit(UTF8PROC_CATEGORY_CC) | Bit(UTF8PROC_CATEGORY_CF) |
                             Bit(UTF8PROC_CATEGORY_CS) | Bit(UTF8PROC_CATEGORY_CO) |
                             Bit(UTF8PROC_CATEGORY_CN);

constexpr NamedMask kMasks[] = {
    {"l", "letter", kLetters},
    {"lu", "uppercaseletter", Bit(UTF8PROC_CATEGORY_LU)},
    {"ll", "lowercaseletter", Bit(UTF8PROC_CATEGORY_LL)},
    {"lt", "titlecaseletter", Bit(UTF8PROC_CATEGORY_LT)},
    {"lm", "modifierletter", Bit(UTF8PROC_CATEGORY_LM)},
    {"lo", "otherletter", Bit(UTF8PROC_CATEGORY_LO)},
    {"m", "mark", kMarks},
    {"mn", "nonspacingmark", Bit(UTF8PROC_CATEGORY_MN)},
    {"mc", "spacingmark", Bit(UTF8PROC_CATEGORY_MC)},
    {"me", "enclosingmark", Bit(UTF8PROC_CATEGORY_ME)},
    {"n", "number", kNumbers},
    {"nd", "decimalnumber", Bit(UTF8PROC_CATEGORY_ND)},
    {"nl", "letternumber", Bit(UTF8PROC_CATEGORY_NL)},
    {"no", "othernumber", Bit(UTF8PROC_CATEGORY_NO)},
    {"p", "punctuation", kPunctuation},
    {"pc", "connectorpunctuation", Bit(UTF8PROC_CATEGORY_PC)},
    {"pd", "dashpunctuation", Bit(UTF8PROC_CATEGORY_PD)},
    {"ps", "openpunctuation", Bit(UTF8PROC_CATEGORY_PS)},
    {"pe", "closepunctuation", Bit(UTF8PROC_CATEGORY_PE)},
    {"pi", "initialpunctuation", Bit(UTF8PROC_CATEGORY_PI)},
    {"pf", "finalpunctuation", Bit(UTF8PROC_CATEGORY_PF)},
    {"po", "otherpunctuation", Bit(UTF8PROC_CATEGORY_PO)},
    {"s", "symbol", kSymbols},
    {"sm", "mathsymbol", Bit(UTF8PROC_CATEGORY_SM)},
    {"sc", "currencysymbol", Bit(UTF8PROC_CATEGORY_SC)},
    {"sk", "modifiersymbol", Bit(UTF8PROC_CATEGORY_SK)},
    {"so", "othersymbol", Bit(UTF8PROC_CATEGORY_SO)},
    {"z", "separator", kSeparators},
    {"zs", "spaceseparator", Bit(UTF8PROC_CATEGORY_ZS)},
    {"zl", "lineseparator", Bit(UTF8PROC_CATEGORY_ZL)},
    {"zp", "paragraphseparator", Bit(UTF8PROC_CATEGORY_ZP)},
    {"c", "other", kOthers},
    {"cc", "control", Bit(UTF8PROC_CATEGORY_CC)},
    {"cf", "format", Bit(UTF8PROC_CATEGORY_CF)},
    {"co", "privateuse", Bit(UTF8PROC_CATEGORY_CO)},
    {"cn", "unassigned", Bit(UTF8PROC_CATEGORY_CN)},
};

using Ranges = std::vector<CharSet::Range>;

Ranges Script(std::string_view name) {
  if (name == "han") {
    return {{0x2E80, 0x2E99},   {0x2E9B, 0x2EF3},   {0x2F00, 0x2FD5},   {0x3005, 0x3005},
            {0x3007, 0x3007},   {0x3021, 0x3029},   {0x3038, 0x303B},   {0x3400, 0x4DBF},
            {0x4E00, 0x9FFF},   {0xF900, 0xFA6D},   {0xFA70, 0xFAD9},   {0x16FE2, 0x16FE3},
            {0x16FF0, 0x16FF1}, {0x20000, 0x2A6DF}, {0x2A700, 0x2B739}, {0x2B740, 0x2B81D},
            {0x2B820, 0x2CEA1}, {0x2CEB0, 0x2EBE0}, {0x2F800, 0x2FA1D}, {0x30000, 0x3134A},
            {0x31350, 0x323AF}};
  }
  if (name == "hiragana") {
    return {{0x3041, 0x3096},   {0x309D, 0x309F},   {0x1B001, 0x1B11F},
            {0x1B132, 0x1B132}, {0x1B150, 0x1B152}, {0x1F200, 0x1F200}};
  }
  if (name == "katakana") {
    return {{0x30A1, 0x30FA},   {0x30FD, 0x30FF},   {0x31F0, 0x31FF},   {0x32D0, 0x32FE},
            {0x3300, 0x3357},   {0xFF66, 0xFF6F},   {0xFF71, 0xFF9D},   {0x1AFF0, 0x1AFF3},
            {0x1AFF5, 0x1AFFB}, {0x1AFFD, 0x1AFFE}, {0x1B000, 0x1B000}, {0x1B120, 0x1B122},
            {0x1B155, 0x1B155}, {0x1B164, 0x1B167}};
  }
  if (name == "hangul") {
    return {{0x1100, 0x11FF}, {0x302E, 0x302F}, {0x3131, 0x318E}, {0x3200, 0x321E},
            {0x3260, 0x327E}, {0xA960, 0xA97C}, {0xAC00, 0xD7A3}, {0xD7B0, 0xD7C6},
            {0xD7CB, 0xD7FB}, {0xFFA0, 0xFFBE}, {0xFFC2, 0xFFC7}, {0xFFCA, 0xFFCF},
            {0xFFD2, 0xFFD7}, {0xFFDA, 0xFFDC}};
  }
  return {};
}

// Names compare without case, spaces, '-' and '_' (Unicode Technical Standard 18, 1.2).
std::string Loose(std::string_view name) {
  std::string loose;
  for (char c : name) {
    if (c == ' ' || c == '-' || c == '_') continue;
    loose.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c);
  }
  return loose;
}

}  // namespace

Categories::Categories() {
  auto add = [&](char32_t first, uint32_t category) {
    if (runs_.empty() || runs_.back().category != category) runs_.push_back({first, category});
  };
  auto scan = [&](char32_t first, char32_t last) {
    for (char32_t c = first; c <= last; ++c) {
      add(c, static_cast<uint32_t>(utf8proc_category(static_cast<utf8proc_int32_t>(c))));
    }
  };
  // Between the last ideograph and the tags, and behind them up to the private planes, Unicode 15
  // has nothing; a test holds this against every code point.
  scan(0, 0x323FF);
  add(0x32400, UTF8PROC_CATEGORY_CN);
  scan(0xE0000, 0xE0FFF);
  add(0xE1000, UTF8PROC_CATEGORY_CN);
  add(0xF0000, UTF8PROC_CATEGORY_CO);
  add(0xFFFFE, UTF8PROC_CATEGORY_CN);
  add(0x100000, UTF8PROC_CATEGORY_CO);
  add(0x10FFFE, UTF8PROC_CATEGORY_CN);
}

CharSet Categories::OfMask(uint32_t mask) const {
  Ranges ranges;
  for (size_t i = 0; i < runs_.size(); ++i) {
    if ((mask & Bit(static_cast<int>(runs_[i].category))) == 0) continue;
    const char32_t last = i + 1 < runs_.size() ? runs_[i + 1].first - 1 : kLastCodePoint;
    ranges.push_back({runs_[i].first, last});
  }
  return CharSet(std::move(ranges));
}

CharSet Categories::Space() const {
  return CharSet(Ranges{{0x9, 0xD},
                        {0x20, 0x20},
                        {0x85, 0x85},
                        {0xA0, 0xA0},
                        {0x1680, 0x1680},
                        {0x2000, 0x200A},
                        {0x2028, 0x2029},
                        {0x202F, 0x202F},
                        {0x205F, 0x205F},
                        {0x3000, 0x3000}});
}

CharSet Categories::Word() const {
  const uint32_t mask = kLetters | kMarks | Bit(UTF8PROC_CATEGORY_ND) | Bit(UTF8PROC_CATEGORY_NL) |
                        Bit(UTF8PROC_CATEGORY_PC);
  // Oniguruma counts the superscripts and fractions of Latin-1, and no others.
  // Other_Alphabetic beyond marks (PropList.txt): letters in circles and squares.
  return OfMask(mask).Or(CharSet(Ranges{{0xB2, 0xB3},
                                        {0xB9, 0xB9},
                                        {0xBC, 0xBE},
                                        {0x24B6, 0x24E9},
                                        {0x1F130, 0x1F149},
                                        {0x1F150, 0x1F169},
                                        {0x1F170, 0x1F189}}));
}

std::optional<CharSet> Categories::Find(std::string_view name) const {
  const std::string loose = Loose(name);
  for (const NamedMask& named : kMasks) {
    if (loose == named.name || loose == named.long_name) return OfMask(named.mask);
  }
  if (loose == "any") return CharSet(0, kLastCodePoint);
  if (loose == "whitespace" || loose == "space") return Space();
  if (loose == "digit") return OfMask(Bit(UTF8PROC_CATEGORY_ND));
  if (Ranges script = Script(loose); !script.empty()) return CharSet(std::move(script));
  return std::nullopt;
}

}  // namespace erato::regex
