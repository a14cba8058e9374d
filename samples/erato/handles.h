// The C API's objects as C++ owns things: handles that free themselves, failures as exceptions.
#ifndef ERATO_SAMPLES_ERATO_HANDLES_H_
#define ERATO_SAMPLES_ERATO_HANDLES_H_

#include <erato/erato.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace erato::command {

struct Free {
  void operator()(erato_model* x) const { erato_model_free(x); }
  void operator()(erato_load* x) const { erato_load_free(x); }
  void operator()(erato_options* x) const { erato_options_free(x); }
  void operator()(erato_session* x) const { erato_session_free(x); }
  void operator()(erato_stream* x) const { erato_stream_free(x); }
  void operator()(erato_text* x) const { erato_text_free(x); }
  void operator()(erato_ids* x) const { erato_ids_free(x); }
  void operator()(erato_floats* x) const { erato_floats_free(x); }
  void operator()(erato_results* x) const { erato_results_free(x); }
  void operator()(erato_entities* x) const { erato_entities_free(x); }
  void operator()(erato_error* x) const { erato_error_free(x); }
};
template <typename T>
using Handle = std::unique_ptr<T, Free>;

/// What the user reads on stderr; the program then ends with 1.
class Failure : public std::runtime_error {
 public:
  explicit Failure(const std::string& message, erato_status status = ERATO_INVALID_ARGUMENT)
      : std::runtime_error(message), status_(status) {}
  erato_status status() const { return status_; }

 private:
  erato_status status_;
};

/// function(arguments…, &error); throws Failure where it fails. Returns OK, END or PENDING.
template <typename Function, typename... Arguments>
erato_status Call(Function function, Arguments... arguments) {
  erato_error* raw = nullptr;
  const erato_status status = function(arguments..., &raw);
  const Handle<erato_error> error(raw);
  if (status < ERATO_INVALID_ARGUMENT) return status;
  const char* message = erato_error_message(error.get(), nullptr);
  throw Failure(*message ? message : erato_status_name(status), status);
}

/// What function(arguments…, &object, &error) makes.
template <typename T, typename Function, typename... Arguments>
Handle<T> Make(Function function, Arguments... arguments) {
  T* raw = nullptr;
  Call(function, arguments..., &raw);
  return Handle<T>(raw);
}

inline std::string String(const Handle<erato_text>& text) {
  size_t bytes = 0;
  const char* data = erato_text_data(text.get(), &bytes);
  return {data, bytes};
}

inline std::string_view Piece(erato_stream* stream) {
  size_t bytes = 0;
  const char* data = erato_stream_piece(stream, &bytes);
  return {data, bytes};
}

}  // namespace erato::command

#endif  // ERATO_SAMPLES_ERATO_HANDLES_H_
