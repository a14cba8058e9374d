// What Python does with any two values: truth, order, membership, arithmetic, iteration, look-up.
#ifndef ERATO_TOKENIZER_TEMPLATE_OPERATIONS_H_
#define ERATO_TOKENIZER_TEMPLATE_OPERATIONS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "tokenizer/template/ast.h"
#include "tokenizer/template/run.h"

namespace erato {

/// "str", "list", "NoneType", … as Python calls the type; TypeRepr as Jinja's messages do ("dict
/// object", "None").
const char* TypeName(const Value& value);
const char* TypeRepr(const Value& value);

bool IsTrue(const Value& value);
/// Booleans count as integers. nullopt where the value is neither.
std::optional<int64_t> AsInteger(const Value& value);
std::optional<double> AsNumber(const Value& value);

// compare.cc
bool Equal(Run& run, const Value& a, const Value& b);
/// a < b; an error where Python has no order.
bool Less(Run& run, const Value& a, const Value& b);
bool Contains(Run& run, const Value& container, const Value& item);
bool Compare(Run& run, Operator op, const Value& a, const Value& b);
/// The value of a key, or null. An error where the key is not hashable.
const Value* Lookup(Run& run, const Mapping& dict, const Value& key);
bool CheckHashable(Run& run, const Value& key);
/// Sets `key`, replacing an equal one.
void Insert(Run& run, Mapping::Entries& entries, Value key, Value value);
/// Two values that are equal and hashable have the same key, others another.
std::string HashKey(Run& run, const Value& value);

// arithmetic.cc
Value Arithmetic(Run& run, Operator op, const Value& a, const Value& b);
Value Negate(Run& run, const Value& value, bool negative);

// iterate.cc
/// All items of an iterable, in a list that is shared where there is one. An iterator is used up by
/// it.
using Items = std::shared_ptr<const List>;
Items ItemsOf(Run& run, const Value& value);
/// As len(); an error for what has none.
std::optional<int64_t> LengthOf(const Value& value);
int64_t RangeAt(int64_t start, int64_t step, int64_t index);
Value RangeItem(const Range& range, int64_t index);
/// Each character of a string as a string.
List CharactersOf(Run& run, const MarkedString& text);

// subscript.cc
/// `object.name` and `object[key]` as jinja2's sandbox looks them up; undefined where there is
/// none.
Value GetAttribute(Run& run, const Value& object, const StringRef& name);
Value GetItem(Run& run, const Value& object, const Value& key);
/// object[begin:end:step]; each none where it was left out.
Value GetSlice(Run& run, const Value& object, const Value& begin, const Value& end,
               const Value& step);

// print.cc
/// As str(); strings keep their origin, all else is content.
void AppendText(Run& run, const Value& value, MarkedString& out);
MarkedString TextOf(Run& run, const Value& value);
/// As repr().
void AppendRepr(Run& run, const Value& value, std::string& out);
std::string FormatFloat(double value);

// json_writer.cc
struct JsonStyle {
  bool ensure_ascii = false;
  bool sort_keys = false;
  std::optional<std::string> indent;
  std::string item_separator, key_separator;
};
/// As json.dumps().
std::string WriteTemplateJson(Run& run, const Value& value, const JsonStyle& style);

// printf_format.cc, brace_format.cc
/// `format % argument` and format.format(*positional, **named).
Value FormatPercent(Run& run, const MarkedString& format, const Value& argument);

}  // namespace erato

#endif  // ERATO_TOKENIZER_TEMPLATE_OPERATIONS_H_
