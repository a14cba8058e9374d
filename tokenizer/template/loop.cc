#include "tokenizer/template/loop.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace erato {

Loop::Loop(Run& run, const Value& iterable, Test test, int64_t d)
    : Object(Kind::kLoop, iterable.depth() + 1), depth0(d), test_(std::move(test)) {
  const Object* o = iterable.object();
  if (o != nullptr && o->kind == Object::Kind::kIterator) {
    iterator_ = *iterable.Shared<Object>();
    return;
  }
  items_ = ItemsOf(run, iterable);
  if (!test_) length_ = LengthOf(iterable);
}

bool Loop::Pull(Run& run, Value& item) {
  while (run.ok()) {
    if (iterator_ != nullptr) {
      auto& source = static_cast<Iterator&>(*iterator_);
      if (source.next == source.items.size()) {
        if (!source.pending.ok()) run.FailWith(source.pending);
        return false;
      }
      item = source.items[source.next++];
    } else {
      if (items_ == nullptr || next_ == items_->size()) return false;
      item = (*items_)[next_++];
    }
    if (!test_ || test_(item)) return run.ok();
  }
  return false;
}

bool Loop::Advance(Run& run) {
  Value item;
  if (peeked_) {
    item = *std::exchange(peeked_, std::nullopt);
  } else if (!Pull(run, item)) {
    return false;
  }
  ++index0;
  previous_ = std::exchange(current, std::move(item));
  return run.Spend(1);
}

void Loop::Finish() {
  iterator_.reset();
  items_.reset();
  test_ = nullptr;
  peeked_.reset();
  changed_.reset();
  current = previous_ = Value();
  statement = nullptr;
}

const std::optional<Value>& Loop::Peek(Run& run) {
  Value item;
  if (!peeked_ && Pull(run, item)) peeked_ = std::move(item);
  return peeked_;
}

// Of what has no length all the rest is read, as Jinja does.
int64_t Loop::Length(Run& run) {
  if (length_) return *length_;
  List rest;
  for (Value item; Pull(run, item);) {
    if (!run.AllowItems(static_cast<int64_t>(rest.size()) / 1024)) break;
    rest.push_back(std::move(item));
  }
  length_ = static_cast<int64_t>(rest.size()) + index0 + 1 + (peeked_ ? 1 : 0);
  iterator_.reset();
  test_ = nullptr;
  items_ = std::make_shared<const List>(std::move(rest));
  next_ = 0;
  return *length_;
}

Value Loop::NoItem(std::string_view message) {
  return Value(
      Value::Undefined{"", std::make_shared<const MarkedString>(std::string(message), true)});
}

std::optional<Value> Loop::Attribute(Run& run, std::string_view name) {
  if (name == "index") return Value(index0 + 1);
  if (name == "index0") return Value(index0);
  if (name == "first") return Value(index0 == 0);
  if (name == "last") return Value(!Peek(run).has_value());
  if (name == "length") return Value(Length(run));
  if (name == "revindex") return Value(Length(run) - index0);
  if (name == "revindex0") return Value(Length(run) - index0 - 1);
  if (name == "depth") return Value(depth0 + 1);
  if (name == "depth0") return Value(depth0);
  if (name == "previtem") return index0 == 0 ? NoItem("there is no previous item") : previous_;
  if (name == "nextitem") {
    const std::optional<Value>& item = Peek(run);
    return item ? *item : NoItem("there is no next item");
  }
  return std::nullopt;
}

Value Loop::Changed(Run& run, const Arguments& args) {
  Value now = run.MakeTuple(List(args.positional.begin(), args.positional.end()));
  const bool same = changed_ && Equal(run, *changed_, now);
  changed_ = std::move(now);
  return Value(!same);
}

}  // namespace erato
