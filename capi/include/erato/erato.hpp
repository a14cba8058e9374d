// Erato for C++17: RAII, exceptions and move-only objects over the C ABI. Header only: a program
// that uses it links to nothing but erato's C symbols. SWIG wraps this header.
#ifndef ERATO_ERATO_HPP_
#define ERATO_ERATO_HPP_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "erato/erato.h"
#include "erato/handles.hpp"

namespace erato {

/// A flag by which one thread stops what others do (cancel.h).
class Cancel {
 public:
  Cancel() {
    detail::Call call;
    call(erato_cancel_create(handle_.out(), call.error()));
  }
  void trigger() { erato_cancel_trigger(handle_.get()); }
  void reset() { erato_cancel_reset(handle_.get()); }
#ifndef SWIG
  const erato_cancel* get() const { return handle_.get(); }
#endif

 private:
#ifndef SWIG
  detail::Handle<erato_cancel, erato_cancel_free> handle_;
#endif
};

/// A stretch of a text, bytes [begin, end), and what it is.
struct Entity {
  std::string label;
  size_t begin = 0, end = 0;
  double score = 0;
};

/// Options of one kind, set by name: `Options o(ERATO_OPTIONS_GENERATE); o.set("top_k", "40");`
class Options {
 public:
  explicit Options(int kind) {
    detail::Call call;
    call(erato_options_create(kind, handle_.out(), call.error()));
  }
  void set(const std::string& name, const std::string& value) {
    detail::Call call;
    call(erato_options_set_by_name(handle_.get(), name.data(), name.size(), value.data(),
                                   value.size(), call.error()));
  }
  /// Of kind READ: calls with these options end with CANCELLED where the flag is triggered.
  void setCancel(const Cancel& cancel) {
    detail::Call call;
    call(erato_options_set_cancel(handle_.get(), cancel.get(), call.error()));
  }
#ifndef SWIG
  const erato_options* get() const { return handle_.get(); }
#endif

 private:
#ifndef SWIG
  detail::Handle<erato_options, erato_options_free> handle_;
#endif
};

/// A text with its tokens and where each is from.
class Encoding {
 public:
  std::string text() const {
    size_t bytes = 0;
    const char* data = erato_encoding_text(handle_.get(), &bytes);
    return std::string(data, bytes);
  }
  std::vector<int32_t> ids() const {
    size_t count = 0;
    const int32_t* data = erato_encoding_ids(handle_.get(), &count);
    return std::vector<int32_t>(data, data + count);
  }
#ifndef SWIG
  /// Begin and end of each token; empty where the tokenizer keeps no account.
  std::vector<uint64_t> offsets() const {
    size_t count = 0;
    const uint64_t* data = erato_encoding_offsets(handle_.get(), &count);
    return std::vector<uint64_t>(data, data + 2 * count);
  }
  /// End and origin of each span.
  std::vector<uint64_t> spans() const {
    size_t count = 0;
    const uint64_t* data = erato_encoding_spans(handle_.get(), &count);
    return std::vector<uint64_t>(data, data + 2 * count);
  }
#endif

 private:
  friend class Model;
#ifndef SWIG
  detail::Handle<erato_encoding, erato_encoding_free> handle_;
#endif
};

/// A loaded model: immutable, for any number of threads.
class Model {
 public:
  explicit Model(const std::string& path, const Options* options = nullptr) {
    detail::Call call;
    call(erato_model_load(path.c_str(), options == nullptr ? nullptr : options->get(),
                          handle_.out(), call.error()));
  }
  void close() { handle_.reset(); }

  std::string info() const {
    return detail::Text([&](auto** text, auto** e) { return erato_model_info(get(), text, e); });
  }
  int contextTokens() const { return erato_model_context_tokens(get()); }
  int vocabularySize() const { return erato_model_vocabulary(get()); }

  std::vector<int32_t> tokenize(const std::string& text, int flags = ERATO_TEXT_PLAIN) const {
    return detail::Ids([&](auto** ids, auto** e) {
      return erato_model_tokenize(get(), text.data(), text.size(), flags, ids, e);
    });
  }
  size_t countTokens(const std::string& text, int flags = ERATO_TEXT_PLAIN) const {
    size_t count = 0;
    detail::Call call;
    call(erato_model_count_tokens(get(), text.data(), text.size(), flags, &count, call.error()));
    return count;
  }
  std::string detokenize(const std::vector<int32_t>& ids, int flags = ERATO_TEXT_PLAIN) const {
    return detail::Text([&](auto** text, auto** e) {
      return erato_model_detokenize(get(), ids.data(), ids.size(), flags, text, e);
    });
  }
  /// The chat template's text for {"messages": …}.
  Encoding encode(const std::string& text, int flags = ERATO_TEXT_PLAIN) const {
    Encoding made;
    detail::Call call;
    call(erato_model_encode(get(), text.data(), text.size(), flags, made.handle_.out(),
                            call.error()));
    return made;
  }
  /// A chat written out, with its tokens and the origin of each span.
  Encoding encodeChat(const std::string& json) const {
    Encoding made;
    detail::Call call;
    call(
        erato_model_encode_chat(get(), json.data(), json.size(), made.handle_.out(), call.error()));
    return made;
  }
  size_t countChatTokens(const std::string& json) const {
    size_t count = 0;
    detail::Call call;
    call(erato_model_count_chat_tokens(get(), json.data(), json.size(), &count, call.error()));
    return count;
  }
  std::string render(const std::string& json) const {
    return detail::Text([&](auto** text, auto** e) {
      return erato_model_render(get(), json.data(), json.size(), text, e);
    });
  }
  /// Logits after the last id.
  std::vector<float> logits(const std::vector<int32_t>& ids) const {
    std::vector<float> last(static_cast<size_t>(vocabularySize()));
    logitsInto(ids, last.data(), last.size());
    return last;
  }
  /// The same into the caller's buffer of `floats` floats, one for each id of the vocabulary.
  void logitsInto(const std::vector<int32_t>& ids, float* buffer, size_t floats) const {
    detail::Handle<erato_floats, erato_floats_free> result;
    detail::Call call;
    call(erato_model_logits(get(), ids.data(), ids.size(), 0, result.out(), call.error()));
    size_t columns = 0;
    const float* data = erato_floats_data(result.get(), nullptr, &columns);
    if (floats != columns) {
      throw Error(ERATO_INVALID_ARGUMENT, ERATO_CATEGORY_CALLER, false,
                  "[argument buffer] floats, got " + std::to_string(floats) + ", expected " +
                      std::to_string(columns),
                  "buffer");
    }
    for (size_t i = 0; i < columns; ++i) buffer[i] = data[i];
  }
  // ---- Reading: options of kind READ ----
  /// Values of one vector with these options; 0 where the model makes none.
  int vectorWidth(const Options* options = nullptr) const {
    int64_t dimensions = 0;
    detail::Call call;
    if (options != nullptr) {
      call(erato_options_get_int(options->get(), ERATO_READ_DIMENSIONS, &dimensions, call.error()));
    }
    return dimensions > 0 ? static_cast<int>(dimensions) : erato_model_vector_width(get());
  }
  /// One vector a text, end to end; one a token with pooling "none".
  std::vector<float> embed(const std::vector<std::string>& texts,
                           const Options* options = nullptr) const {
    const detail::Texts list(texts);
    return detail::Floats(texts.size(), [&](auto** results, auto** e) {
      return erato_model_embed_each(get(), list.data(), list.bytes(), texts.size(), raw(options),
                                    results, e);
    });
  }
  /// The same into the caller's buffer with room for `floats` values.
  void embedInto(const std::vector<std::string>& texts, float* buffer, size_t floats,
                 const Options* options = nullptr) const {
    const detail::Texts list(texts);
    detail::Call call;
    call(erato_model_embed(get(), list.data(), list.bytes(), texts.size(), raw(options), buffer,
                           floats, call.error()));
  }
  /// How well each document answers the query, 0 to 1.
  std::vector<float> rerank(const std::string& query, const std::vector<std::string>& documents,
                            const Options* options = nullptr) const {
    const detail::Texts list(documents);
    std::vector<float> relevance(documents.size());
    float none = 0;
    detail::Call call;
    call(erato_model_rerank(get(), query.data(), query.size(), list.data(), list.bytes(),
                            documents.size(), raw(options), nullptr,
                            documents.empty() ? &none : relevance.data(), call.error()));
    return relevance;
  }
  /// Labels of the model's head.
  std::vector<std::string> labels() const {
    std::vector<std::string> names;
    for (size_t i = 0; i < erato_model_label_count(get()); ++i) {
      size_t bytes = 0;
      const char* name = erato_model_label(get(), i, &bytes);
      names.emplace_back(name, bytes);
    }
    return names;
  }
  /// Scores of all labels, text by text.
  std::vector<float> classify(const std::vector<std::string>& texts,
                              const Options* options = nullptr) const {
    const detail::Texts list(texts);
    return detail::Floats(texts.size(), [&](auto** results, auto** e) {
      return erato_model_classify_each(get(), list.data(), list.bytes(), texts.size(), raw(options),
                                       results, e);
    });
  }
  std::vector<Entity> findEntities(const std::string& text,
                                   const Options* options = nullptr) const {
    detail::Handle<erato_entities, erato_entities_free> found;
    detail::Call call;
    call(erato_model_find_entities(get(), text.data(), text.size(), raw(options), found.out(),
                                   call.error()));
    std::vector<Entity> entities;
    for (size_t i = 0; i < erato_entities_count(found.get()); ++i) {
      entities.push_back({erato_entities_label(found.get(), i, nullptr),
                          erato_entities_begin(found.get(), i), erato_entities_end(found.get(), i),
                          erato_entities_score(found.get(), i)});
    }
    return entities;
  }
  /// An OpenAI-shaped request, answered whole: a chat, a prompt, embeddings, a ranking, labels.
  std::string request(const std::string& json) const {
    return detail::Text([&](auto** text, auto** e) {
      return erato_model_request(get(), json.data(), json.size(), text, e);
    });
  }
#ifndef SWIG
  const erato_model* get() const { return handle_.get(); }
#endif

 private:
#ifndef SWIG
  static const erato_options* raw(const Options* options) {
    return options == nullptr ? nullptr : options->get();
  }
  detail::Handle<erato_model, erato_model_free> handle_;
#endif
};

/// Ids to text as they come. One caller at a time; keeps the model.
class Decoder {
 public:
  explicit Decoder(const Model& model, int flags = ERATO_TEXT_PLAIN) {
    detail::Call call;
    call(erato_decoder_create(model.get(), flags, handle_.out(), call.error()));
  }
  /// What the text has more by these ids: whole code points, perhaps none.
  std::string push(const std::vector<int32_t>& ids) {
    detail::Call call;
    call(erato_decoder_push(handle_.get(), ids.data(), ids.size(), call.error()));
    return piece();
  }
  /// At the end of the text.
  std::string finish() {
    detail::Call call;
    call(erato_decoder_finish(handle_.get(), call.error()));
    return piece();
  }

 private:
  std::string piece() const {
    size_t bytes = 0;
    const char* data = erato_decoder_piece(handle_.get(), &bytes);
    return std::string(data, bytes);
  }
#ifndef SWIG
  detail::Handle<erato_decoder, erato_decoder_free> handle_;
#endif
};

/// A chat. One caller at a time.
class Session {
 public:
  explicit Session(const Model& model, const Options* options = nullptr) {
    detail::Call call;
    call(erato_session_create(model.get(), options == nullptr ? nullptr : options->get(),
                              handle_.out(), call.error()));
  }
  void close() { handle_.reset(); }

  /// role: an ERATO_ROLE_*.
  void add(int role, const std::string& text) {
    detail::Call call;
    call(erato_session_add_text(handle_.get(), role, text.data(), text.size(), call.error()));
  }
  std::string history() {
    return detail::Text(
        [&](auto** text, auto** e) { return erato_session_history(handle_.get(), text, e); });
  }
  void setHistory(const std::string& json) {
    detail::Call call;
    call(erato_session_set_history(handle_.get(), json.data(), json.size(), call.error()));
  }
  void clear() {
    detail::Call call;
    call(erato_session_clear(handle_.get(), call.error()));
  }
  size_t countTokens() {
    size_t count = 0;
    detail::Call call;
    call(erato_session_count_tokens(handle_.get(), &count, call.error()));
    return count;
  }
#ifndef SWIG
  erato_session* get() const { return handle_.get(); }
#endif

 private:
#ifndef SWIG
  detail::Handle<erato_session, erato_session_free> handle_;
#endif
};

/// An answer on its way: while (stream.advance()) use(stream.piece()).
class Stream {
 public:
  /// The next message of a chat.
  explicit Stream(Session& session, const Options* options = nullptr) {
    detail::Call call;
    call(erato_session_answer(session.get(), options == nullptr ? nullptr : options->get(),
                              handle_.out(), call.error()));
  }
  /// How a text goes on.
  Stream(const Model& model, const std::string& prompt, const Options* options = nullptr) {
    detail::Call call;
    call(erato_model_generate(model.get(), prompt.data(), prompt.size(), ERATO_TEXT_ADD_SPECIAL,
                              options == nullptr ? nullptr : options->get(), handle_.out(),
                              call.error()));
  }
  void close() { handle_.reset(); }

  /// False at the end. Blocks while the model works.
  bool advance() {
    detail::Call call;
    return call(erato_stream_advance(handle_.get(), call.error())) == ERATO_OK;
  }
  std::string piece() const {
    size_t bytes = 0;
    const char* data = erato_stream_piece(handle_.get(), &bytes);
    return std::string(data, bytes);
  }
#ifndef SWIG
  /// Bytes of the last advance's tokens as they are, perhaps not whole code points (stream.h).
  std::string bytes() const {
    size_t count = 0;
    const char* data = erato_stream_bytes(handle_.get(), &count);
    return std::string(data, count);
  }
#endif
  /// Whether the piece is thinking, no part of the answer.
  bool reasoning() const { return erato_stream_piece_kind(handle_.get()) == ERATO_PIECE_REASONING; }
  /// JSON: the scores of the last advance's tokens (stream.h).
  std::string logprobs() const {
    size_t bytes = 0;
    const char* data = erato_stream_logprobs(handle_.get(), &bytes);
    return std::string(data, bytes);
  }
  /// From any thread: advance throws CANCELLED soon.
  void cancel() const { erato_stream_cancel(handle_.get()); }
  std::string finishReason() const {
    return erato_finish_name(erato_stream_finish_reason(handle_.get()));
  }
  int64_t promptTokens() const { return erato_stream_prompt_tokens(handle_.get()); }
  int64_t generatedTokens() const { return erato_stream_generated_tokens(handle_.get()); }
  int64_t reasoningTokens() const { return erato_stream_reasoning_tokens(handle_.get()); }

 private:
#ifndef SWIG
  detail::Handle<erato_stream, erato_stream_free> handle_;
#endif
};

/// An OpenAI-shaped request, answered in chunks: while (response.advance()) use(response.chunk()).
class Response {
 public:
  Response(const Model& model, const std::string& json) {
    detail::Call call;
    call(erato_model_request_stream(model.get(), json.data(), json.size(), handle_.out(),
                                    call.error()));
  }
  void close() { handle_.reset(); }

  bool advance() {
    detail::Call call;
    return call(erato_response_advance(handle_.get(), call.error())) == ERATO_OK;
  }
  std::string chunk() const {
    size_t bytes = 0;
    const char* data = erato_response_chunk(handle_.get(), &bytes);
    return std::string(data, bytes);
  }
  void cancel() const { erato_response_cancel(handle_.get()); }

 private:
#ifndef SWIG
  detail::Handle<erato_response, erato_response_free> handle_;
#endif
};

inline std::string version() { return erato_version(); }

}  // namespace erato

#endif  // ERATO_ERATO_HPP_
