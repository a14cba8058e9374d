// For make_cases.py --render: reads one JSON object {"t": template, "v": variables, "now": seconds}
// a line and answers with {"ok": text} or {"err": message} a line.
#include <iostream>
#include <string>

#include "tests/template/json_value.h"

int main() {
  using Json = nlohmann::ordered_json;
  for (std::string line; std::getline(std::cin, line);) {
    const Json request = Json::parse(line);
    const auto spans =
        erato::RenderSpans(request["t"].get<std::string>(), erato::ValueFromTestJson(request["v"]),
                           request["now"].get<int64_t>());
    const Json answer = spans.ok() ? Json{{"ok", erato::TextOf(*spans)}}
                                   : Json{{"err", std::string(spans.status().message())}};
    std::cout << answer.dump(-1, ' ', false, Json::error_handler_t::replace) << "\n";
  }
  return 0;
}
