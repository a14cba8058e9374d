#include "samples/erato/template_source.h"

#include "samples/erato/files.h"
#include "samples/erato/handles.h"
#include "samples/erato/json.h"

namespace erato::command {

std::string TemplateSource(const std::string& name_or_path) {
  std::string names;
  const std::string info = String(Make<erato_text>(erato_library_info));
  for (const std::string& known : Elements(Member(info, "templates"))) {
    std::string name = Member(known, "name");
    if (name == name_or_path) return name;
    names += (names.empty() ? "" : ", ") + name;
  }
  if (IsFile(name_or_path)) return ReadFile(name_or_path);
  throw Failure("[template] name, got " + name_or_path + ", expected a file's or one of " + names);
}

}  // namespace erato::command
