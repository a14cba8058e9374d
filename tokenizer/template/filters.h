// `value | filter(arguments)`: the filters of jinja2 3.1, except striptags, urlize, wordwrap,
// pprint (for web pages) and random; tojson is that of transformers.
#ifndef ERATO_TOKENIZER_TEMPLATE_FILTERS_H_
#define ERATO_TOKENIZER_TEMPLATE_FILTERS_H_

#include <string_view>

#include "absl/types/span.h"
#include "tokenizer/template/arguments.h"

namespace erato {

struct Filter {
  std::string_view name;
  Signature signature;
  Value (*call)(Run& run, const Value& input, const Bound& args);
};

/// Null where there is none of that name.
const Filter* FindFilter(std::string_view name);
Value CallFilter(Run& run, const Filter& filter, const Value& input, const Arguments& args);

absl::Span<const Filter> TextFilters();
absl::Span<const Filter> MarkupFilters();
absl::Span<const Filter> ListFilters();
absl::Span<const Filter> OrderFilters();
absl::Span<const Filter> SelectFilters();
absl::Span<const Filter> NumberFilters();

/// What filters mean by an attribute: none, a key, or a path "a.b.0". Jinja's make_attrgetter.
class AttributePath {
 public:
  AttributePath(Run& run, const Value* attribute);
  /// `missing` stands for what is undefined on the way; it may be null.
  Value Get(Run& run, const Value& item, const Value* missing) const;

 private:
  std::vector<Value> parts_;
};
/// Strings in lower-case where they are compared without case.
Value SortKey(Run& run, const Value& value, bool case_sensitive);

}  // namespace erato

#endif  // ERATO_TOKENIZER_TEMPLATE_FILTERS_H_
