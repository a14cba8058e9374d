// Arguments of a call, and their binding to the parameters of a built-in.
#ifndef ERATO_TOKENIZER_TEMPLATE_ARGUMENTS_H_
#define ERATO_TOKENIZER_TEMPLATE_ARGUMENTS_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "tokenizer/template/run.h"

namespace erato {

struct Arguments {
  absl::InlinedVector<Value, 4> positional;
  std::vector<std::pair<std::string, Value>> named;
  /// Removes and returns the named argument; false where there is none.
  bool TakeNamed(std::string_view name, Value& value);
};

/// Names of parameters, parted by spaces; the first `required` must be given. "*" takes whatever
/// comes.
struct Signature {
  std::string_view parameters;
  size_t required = 0;
};

/// Arguments in the order of the parameters.
class Bound {
 public:
  static constexpr size_t kMax = 6;
  /// An error of `run` where the arguments do not fit `signature`. Keeps references to both.
  Bound(Run& run, std::string_view function, const Signature& signature, const Arguments& raw);

  bool Has(size_t i) const { return values_[i] != nullptr; }
  const Value& operator[](size_t i) const { return *values_[i]; }
  const Value* Get(size_t i) const { return values_[i]; }
  /// The argument, or what stands for a missing one. A wrong type is an error.
  int64_t Integer(size_t i, int64_t missing) const;
  bool Truth(size_t i, bool missing) const;
  const MarkedString* String(size_t i) const;  // null where missing, none, or wrong
  const Arguments& raw() const { return raw_; }

 private:
  void BindNamed(const Signature& signature);
  std::string_view NameOf(size_t i) const { return names_[i]; }
  Run& run_;
  std::string_view function_;
  const Arguments& raw_;
  std::array<const Value*, kMax> values_{};
  std::array<std::string_view, kMax> names_{};
  size_t count_ = 0;
};

}  // namespace erato

#endif  // ERATO_TOKENIZER_TEMPLATE_ARGUMENTS_H_
