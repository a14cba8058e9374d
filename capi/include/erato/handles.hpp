// What erato.hpp stands on: an error as an exception, C objects that free themselves, and results
// as values of the standard library.
#ifndef ERATO_HANDLES_HPP_
#define ERATO_HANDLES_HPP_

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "erato/erato.h"

namespace erato {

/// What every call of erato.hpp throws.
class Error : public std::runtime_error {
 public:
  Error(int code, int category, bool retriable, const std::string& message,
        const std::string& parameter)
      : std::runtime_error(message),
        code_(code),
        category_(category),
        retriable_(retriable),
        parameter_(parameter) {}
  int code() const { return code_; }  // an erato_status
  int category() const { return category_; }
  bool retriable() const { return retriable_; }
  const std::string& parameter() const { return parameter_; }

 private:
  int code_, category_;
  bool retriable_;
  std::string parameter_;
};

namespace detail {

/// `Call call; call(erato_f(…, call.error()));` gives the status, or throws where it is an error.
class Call {
 public:
  Call() = default;
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;
  ~Call() { erato_error_free(error_); }
  erato_error** error() { return &error_; }
  erato_status operator()(erato_status status) const {
    if (status < ERATO_INVALID_ARGUMENT) return status;
    throw Error(status, erato_status_category(status), erato_error_retriable(error_) != 0,
                erato_error_message(error_, nullptr), erato_error_parameter(error_, nullptr));
  }

 private:
  erato_error* error_ = nullptr;
};

/// Owns a C object.
template <typename T, void (*Free)(T*)>
class Handle {
 public:
  Handle() = default;
  ~Handle() { Free(pointer_); }
  Handle(Handle&& other) noexcept : pointer_(std::exchange(other.pointer_, nullptr)) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(pointer_, other.pointer_);
    return *this;
  }
  T* get() const { return pointer_; }
  T** out() { return &pointer_; }
  void reset() { Free(std::exchange(pointer_, nullptr)); }

 private:
  T* pointer_ = nullptr;
};

/// `f(erato_text **, erato_error **)` as a string.
template <typename F>
std::string Text(F f) {
  Handle<erato_text, erato_text_free> text;
  Call call;
  call(f(text.out(), call.error()));
  size_t bytes = 0;
  const char* data = erato_text_data(text.get(), &bytes);
  return std::string(data, bytes);
}

/// Texts as the C calls take them; borrows them.
class Texts {
 public:
  explicit Texts(const std::vector<std::string>& texts) {
    for (const std::string& text : texts) {
      data_.push_back(text.data());
      bytes_.push_back(text.size());
    }
  }
  const char* const* data() const { return data_.data(); }
  const size_t* bytes() const { return bytes_.data(); }

 private:
  std::vector<const char*> data_;
  std::vector<size_t> bytes_;
};

/// The floats of `f(erato_results **, erato_error **)` with `count` items, end to end; throws the
/// error of the first item that has one.
template <typename F>
std::vector<float> Floats(size_t count, F f) {
  Handle<erato_results, erato_results_free> results;
  Call call;
  call(f(results.out(), call.error()));
  std::vector<float> floats;
  for (size_t i = 0; i < count; ++i) {
    Call item;
    item(erato_results_status(results.get(), i, item.error()));
    size_t rows = 0, columns = 0;
    const float* data = erato_results_floats(results.get(), i, &rows, &columns);
    floats.insert(floats.end(), data, data + rows * columns);
  }
  return floats;
}

template <typename F>
std::vector<int32_t> Ids(F f) {
  Handle<erato_ids, erato_ids_free> ids;
  Call call;
  call(f(ids.out(), call.error()));
  size_t count = 0;
  const int32_t* data = erato_ids_data(ids.get(), &count);
  return std::vector<int32_t>(data, data + count);
}

}  // namespace detail

}  // namespace erato

#endif  // ERATO_HANDLES_HPP_
