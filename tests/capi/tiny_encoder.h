// Folders of tiny encoders in the layout of sentence-transformers, made on the spot, whose answers
// can be told by hand.
//
// They are BERTs of one layer. Every word is a direction: "good" and "bad" are opposites, "anna"
// and "bob" (with "##by") are people, "paris" is a place, all others are filler; "poison" is a NaN.
// Attention looks at all words alike and the feed-forward adds nothing, so a row is its own word
// and the mean of all. The order of words does not matter.
#ifndef ERATO_TESTS_CAPI_TINY_ENCODER_H_
#define ERATO_TESTS_CAPI_TINY_ENCODER_H_

#include <string>

namespace erato::test {

/// embedder: mean pooling, vectors of 8 and length 1, 16 tokens at most and 12 meant, prompts
/// "query" ("good ") and "document" ("").
/// classifier: labels "negative", "neutral", "positive" (texts).
/// reranker: one label, high where the second text is "good".
/// tagger: labels "O", "B-PER", "I-PER", "B-LOC" (tokens).
enum class TinyEncoder { kEmbedder, kClassifier, kReranker, kTagger };

/// Writes the folder, which must be there and empty.
void WriteTinyEncoder(TinyEncoder kind, const std::string& folder);

}  // namespace erato::test

#endif  // ERATO_TESTS_CAPI_TINY_ENCODER_H_
