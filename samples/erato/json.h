// The little JSON that the command reads and writes. Failure says what was expected.
#ifndef ERATO_SAMPLES_ERATO_JSON_H_
#define ERATO_SAMPLES_ERATO_JSON_H_

#include <cstdint>
#include <string>
#include <vector>

namespace erato::command {

std::string ParseText(const std::string& json);
std::vector<int32_t> ParseIds(const std::string& json);
std::string DumpText(const std::string& text);
std::string DumpIds(const int32_t* ids, size_t count);

/// A member of an object: a text's text, anything else as JSON, "" where it is not there.
std::string Member(const std::string& object, const std::string& name);
/// Names of an object's members.
std::vector<std::string> MemberNames(const std::string& object);
/// An array's elements as JSON.
std::vector<std::string> Elements(const std::string& array);
/// Elements of an array.
size_t CountElements(const std::string& array);
/// For people to read: one space of indentation a level.
std::string Indented(const std::string& json);

}  // namespace erato::command

#endif  // ERATO_SAMPLES_ERATO_JSON_H_
