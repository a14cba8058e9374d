// A chat template as the user names it.
#ifndef ERATO_SAMPLES_ERATO_TEMPLATE_SOURCE_H_
#define ERATO_SAMPLES_ERATO_TEMPLATE_SOURCE_H_

#include <string>

namespace erato::command {

/// The name of a built-in one stays; else it is a file, and its text.
std::string TemplateSource(const std::string& name_or_path);

}  // namespace erato::command

#endif  // ERATO_SAMPLES_ERATO_TEMPLATE_SOURCE_H_
