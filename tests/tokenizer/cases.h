// The cases of tests/data/tokenizer, which make_cases.py made, and vocabularies for tests.
#ifndef ERATO_TESTS_TOKENIZER_CASES_H_
#define ERATO_TESTS_TOKENIZER_CASES_H_

#include <random>
#include <string>
#include <vector>

#include "tests/support/json.h"
#include "tokenizer/tokenizer.h"

namespace erato::test {

/// A file of tests/data; the test fails where it is not JSON.
Json ReadCases(const std::string& name);

/// A vocabulary in the form of make_cases.py.
Vocabulary ByteBpeVocabulary(const Json& entry);
Vocabulary SentencePieceVocabulary(const Json& entry);

/// Well-formed text of many scripts, with white space and what looks like markers.
std::string RandomText(std::mt19937& rng, size_t parts);

}  // namespace erato::test

#endif  // ERATO_TESTS_TOKENIZER_CASES_H_
