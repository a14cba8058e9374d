#include "tokenizer/template/run.h"

#include <utility>

#include "tokenizer/template/concat.h"

namespace erato {
namespace {

// Levels of evaluation for each level that max_depth allows to macros: a call of a macro passes
// through about six.
constexpr int kLevelsPerDepth = 10;

}  // namespace

Run::~Run() {
  // Namespaces may hold one another: all are emptied while all are still alive, so that nothing
  // leaks and no chain of them is freed recursively.
  for (const auto& space : namespaces_) space->attributes.clear();
}

Value Run::Fail(std::string_view message) {
  if (ok()) status_ = TemplateError(at, message);
  return {};
}

Value Run::FailLimit(std::string_view what, std::string_view limit) {
  if (ok()) {
    status_ = absl::ResourceExhaustedError(
        TemplateError(at, Concat(what, ", got more than ", limit, " allows")).message());
  }
  return {};
}

void Run::FailWith(const absl::Status& status) {
  if (ok()) status_ = status;
}

absl::Status Run::TakeError() {
  if (absl::IsResourceExhausted(status_)) return absl::OkStatus();
  return std::exchange(status_, absl::OkStatus());
}

bool Run::AllowBytes(size_t bytes) {
  if (bytes > limits_.max_output_bytes) FailLimit("bytes of a string", "max_output_bytes");
  return SpendBytes(bytes);
}

bool Run::AllowItems(int64_t items) {
  if (items > limits_.max_list_items) FailLimit("items of a list", "max_list_items");
  return Spend(items);
}

bool Run::CheckDepth(const Value& value) {
  if (value.depth() <= limits_.max_depth) return true;
  FailLimit("nesting of values", "max_depth");
  return false;
}

Value Run::MakeList(List items) {
  AllowItems(static_cast<int64_t>(items.size()));
  Value value(std::move(items));
  return CheckDepth(value) ? value : Value();
}

Value Run::MakeTuple(List items) {
  AllowItems(static_cast<int64_t>(items.size()));
  Value value = Value::Tuple(std::move(items));
  return CheckDepth(value) ? value : Value();
}

Value Run::MakeDict(Mapping::Entries entries) {
  AllowItems(static_cast<int64_t>(entries.size()));
  Value value(std::make_shared<const Mapping>(std::move(entries)));
  return CheckDepth(value) ? value : Value();
}

Value Run::MakeIterator(List items, absl::Status pending) {
  AllowItems(static_cast<int64_t>(items.size()));
  Value value(
      std::shared_ptr<Object>(std::make_shared<Iterator>(std::move(items), std::move(pending))));
  return CheckDepth(value) ? value : Value();
}

Value Run::MakeString(MarkedString text) {
  AllowBytes(text.size());
  return Value(std::move(text));
}

Deeper::Deeper(Run& run) : run_(run) {
  if (++run.depth > run.limits().max_depth * kLevelsPerDepth) {
    run.FailLimit("depth of evaluation", "max_depth");
  }
}

}  // namespace erato
