#include "tokenizer/pre_tokenizers/patterns.h"

namespace erato::cut_rules {
namespace {

using Pattern = std::string_view;

// Parts that expressions share.
#define CONTRACTION "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
#define SPACES R"(|\s*[\r\n]+|\s+(?!\S)|\s+)"
#define LETTERS R"([^\r\n\p{L}\p{N}]?\p{L}+|)"
#define SYMBOLS R"(| ?[^\s\p{L}\p{N}]+[\r\n]*)"
// Words whose capitals come first, then words of capitals (OpenAI's o200k_base, tiktoken).
#define UPPER R"([\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}])"
#define LOWER R"([\p{Ll}\p{Lm}\p{Lo}\p{M}])"
#define CASED(tail)                                \
  R"([^\r\n\p{L}\p{N}]?)" UPPER "*" LOWER "+" tail \
  "|"                                              \
  R"([^\r\n\p{L}\p{N}]?)" UPPER "+" LOWER "*" tail "|"
#define ASCII_SYMBOL R"([!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~])"

constexpr Pattern kGpt2Patterns[] = {
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)"};
constexpr Pattern kSmolLmPatterns[] = {R"(\p{N})", kGpt2Patterns[0]};
constexpr Pattern kLlama3Patterns[] = {CONTRACTION "|" LETTERS R"(\p{N}{1,3})" SYMBOLS SPACES};
constexpr Pattern kQwen2Patterns[] = {CONTRACTION "|" LETTERS R"(\p{N})" SYMBOLS SPACES};
constexpr Pattern kO200kPatterns[] = {
    CASED(CONTRACTION "?") R"(\p{N}{1,3})"
                           R"(| ?[^\s\p{L}\p{N}]+[\r\n/]*)" SPACES};
constexpr Pattern kTekkenPatterns[] = {CASED("") R"(\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*)" SPACES};

constexpr Pattern kDefaultPatterns[] = {R"([\p{P}\$\+<=>\^~\|]+)", kGpt2Patterns[0], R"(\p{N}+)",
                                        "[0-9][0-9][0-9]"};
constexpr Pattern kFalconPatterns[] = {R"([\p{P}\$\+<=>\^~\|`]+)", kGpt2Patterns[0],
                                       "[0-9][0-9][0-9]"};
constexpr Pattern kQwen35Patterns[] = {
    CONTRACTION R"(|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*)" SPACES};

// Letters with case, of the scripts that DeepSeek lists. clang-format counts their columns
// differently each time.
// clang-format off
#define CASED_SCRIPTS \
  "A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯͰ-ͳͶͷͻ-ͽͿΆΈ-ΊΌΎ-ΡΣ-ϵϷ-ҁҊ-ԯԱ-ՖႠ-ჅᎠ-Ᏽᏸ-ᏽᲐ-ᲺᲽ-Ჿᴀ-" \
  "ᴫᵫ-" \
  "ᵷᵹ-" \
  "ᶚḀ-ἕἘ-Ἕ" \
  "ἠ-ὅὈ-Ὅὐ-ὗὙὛὝὟ-\u1f7dᾀ-ᾴᾶ-ᾼ\u1fbeῂ-ῄῆ-ῌῐ-\u1fd3ῖ-\u1fdbῠ-Ῥῲ-ῴῶ-ῼℂℇℊ-ℓℕℙ-ℝℤ\u2126ℨ\u212a-ℭℯ-ℴℹℼ-" \
  "ℿⅅ-ⅉⅎↃↄⰀ-ⱻⱾ-ⳤⳫ-ⳮⳲⳳ" \
  "Ꙁ-ꙭꚀ-ꚛꜢ-ꝯꝱ-ꞇꞋ-ꞎꭰ-ꮿﬀ-ﬆﬓ-ﬗＡ-Ｚａ-ｚ𐐀-𐑏𐒰-𐓓𐓘-𐓻𐲀-𐲲𐳀-" \
  "𐳲𑢠-" \
  "𑣟𞤀-" \
  "𞥃"
// clang-format on
constexpr Pattern kDeepSeekLlmPatterns[] = {
    R"([\r\n])", R"(\s?[)" CASED_SCRIPTS "]+",  R"(\s?[!-/:-~！-／：-～‘-‟　-。]+)",
    R"(\s+$)",   R"([一-龥ࠀ-一가-퟿]+)", R"(\p{N}+)"};
constexpr Pattern kDeepSeekCoderPatterns[] = {R"([\r\n])", R"(\s?\p{L}+)", R"(\s?\p{P}+)",
                                              R"([一-龥ࠀ-一가-퟿]+)", R"(\p{N})"};
#define MARKED_WORDS \
  ASCII_SYMBOL R"([A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+)"
constexpr Pattern kDeepSeekV3Patterns[] = {R"(\p{N}{1,3})", R"([一-龥぀-ゟ゠-ヿ]+)",
                                           MARKED_WORDS R"([\r\n]*)" SPACES};
constexpr Pattern kSparkPatterns[] = {R"(\p{N}{1,3})", R"([一-龥぀-ゟ゠-ヿ]+)",
                                      MARKED_WORDS R"(|[\r\n]|\s+(?!\S)|\s+)", R"(\p{N})"};
constexpr Pattern kYoutuPatterns[] = {
    R"([가-힣ㄱ-ㆎ]+|[！…“”‘’—：；，、-〿︰-﹏]+|[ㄅ-ㄯ]+|[一-龥぀-ゟ゠-ヿ]+)",
    CASED(CONTRACTION "?") R"(\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*)" SPACES};

constexpr Pattern kBloomPatterns[] = {R"( ?[^(\s|.,!?…。，、।۔،)]+)"};
constexpr Pattern kVikingPatterns[] = {kBloomPatterns[0], R"(\p{N})"};
constexpr Pattern kChameleonPatterns[] = {
    "<sentinel:[0-9]+>",       "(IMGIMG)((A|B|C|D|E|F|G|H|I){1,4})Z",
    R"(([\t\n]|    |  ))",     R"(\p{N})",
    R"([\p{P}!-/:-@\[-`{-~])", kGpt2Patterns[0]};
constexpr Pattern kTinyAyaPatterns[] = {R"(\d{1,3}(?=(?:\d{3})*\b))", kO200kPatterns[0]};

// Moonshot's tokenization code: words stop at Chinese characters.
#define UPPER_BUT_HAN R"([\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]])"
#define LOWER_BUT_HAN R"([\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]])"
constexpr Pattern kKimiK2Patterns[] = {
    R"([\p{Han}]+|)"
    R"([^\r\n\p{L}\p{N}]?)" UPPER_BUT_HAN "*" LOWER_BUT_HAN "+" CONTRACTION
    "?|"
    R"([^\r\n\p{L}\p{N}]?)" UPPER_BUT_HAN "+" LOWER_BUT_HAN "*" CONTRACTION
    "?|"
    R"(\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*)" SPACES};
constexpr Pattern kSuperBpePatterns[] = {R"(\p{N}+)", R"((?=(\d{3})+(?!\d)))"};
constexpr Pattern kBailingPatterns[] = {
    R"('(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]++[\r\n]*)"
    R"(|\s*[\r\n]|\s+(?!\S)|\s+)"};
constexpr Pattern kSeedCoderPatterns[] = {CONTRACTION "|" LETTERS
                                                      R"(\p{N}{1}| ?[^\s\p{L}\p{N}\r\n]+)" SPACES};
// Qwen 2's without the contractions: Turkish suffixes stay attached.
constexpr Pattern kUfakzekaPatterns[] = {LETTERS R"(\p{N})" SYMBOLS SPACES};
// A run of digits is cut into threes from its end.
constexpr Pattern kAfmoePatterns[] = {
    R"(\p{N}{1,3}(?=(?:\p{N}{3})*(?!\p{N})))",
    "[一-鿿㐀-䶿\uf900-﫿぀-ゟ゠-ヿ･-ﾟ⼀-⿟เ-๿຀-໿ក-៿က-"
    "႟ꩠ-ꩿꧠ-꧿가-힯ᄀ-ᇿ]+",
    MARKED_WORDS R"([\r\n]*)" SPACES};
constexpr Pattern kLagunaPatterns[] = {R"([^\n]+|[\n]+)", kQwen2Patterns[0]};
constexpr Pattern kExaoneMoePatterns[] = {
    CONTRACTION R"(|[^\r\n\p{L}\p{N}]?(?:\p{L}\p{M}*(?: \p{L}\p{M}*)*)+|\p{N})"
                R"(| ?[^\s\p{L}\p{N}]+[\r\n/]?|\s*[\r\n]|\s+(?!\S)|\s+)"};
constexpr Pattern kJais2Patterns[] = {
    CONTRACTION "|" LETTERS R"(\p{N}{1,3})" SYMBOLS
                R"(|\s*[\r\n]+|\s{512}(?!\S)|\s{256}(?!\S)|\s{128}(?!\S)|\s{64}(?!\S))"
                R"(|\s{32}(?!\S)|\s{16}(?!\S)|\s{8}(?!\S)|\s{4}(?!\S)|\s{1,2}(?!\S)|\s{1})"};
constexpr Pattern kMiniCpm5Patterns[] = {R"(\p{N}{1,3})",
                                         CONTRACTION "|" LETTERS R"(\p{N}+)" SYMBOLS SPACES};

}  // namespace

const CutRule kGpt2 = {Gpt2WordEnd, kGpt2Patterns};
const CutRule kSmolLm = {SmolLmWordEnd, kSmolLmPatterns};
const CutRule kLlama3 = {Llama3WordEnd, kLlama3Patterns};
const CutRule kQwen2 = {Qwen2WordEnd, kQwen2Patterns};
const CutRule kO200k = {O200kWordEnd, kO200kPatterns};
const CutRule kTekken = {TekkenWordEnd, kTekkenPatterns};
const CutRule kDefault = {nullptr, kDefaultPatterns};
const CutRule kQwen35 = {nullptr, kQwen35Patterns};
const CutRule kDeepSeekLlm = {nullptr, kDeepSeekLlmPatterns};
const CutRule kDeepSeekCoder = {nullptr, kDeepSeekCoderPatterns};
const CutRule kDeepSeekV3 = {nullptr, kDeepSeekV3Patterns};
const CutRule kSpark = {nullptr, kSparkPatterns};
const CutRule kYoutu = {nullptr, kYoutuPatterns};
const CutRule kFalcon = {nullptr, kFalconPatterns};
const CutRule kBloom = {nullptr, kBloomPatterns};
const CutRule kViking = {nullptr, kVikingPatterns};
const CutRule kChameleon = {nullptr, kChameleonPatterns};
const CutRule kTinyAya = {nullptr, kTinyAyaPatterns};
const CutRule kKimiK2 = {nullptr, kKimiK2Patterns};
const CutRule kSuperBpe = {nullptr, kSuperBpePatterns};
const CutRule kBailing = {nullptr, kBailingPatterns};
const CutRule kSeedCoder = {nullptr, kSeedCoderPatterns};
const CutRule kUfakzeka = {nullptr, kUfakzekaPatterns};
const CutRule kAfmoe = {nullptr, kAfmoePatterns};
const CutRule kLaguna = {nullptr, kLagunaPatterns};
const CutRule kExaoneMoe = {nullptr, kExaoneMoePatterns};
const CutRule kJais2 = {nullptr, kJais2Patterns};
const CutRule kMiniCpm5 = {nullptr, kMiniCpm5Patterns};

}  // namespace erato::cut_rules
