// search: finds text by what it means.
//
//     search index FOLDER          reads text and source files into FOLDER/.erato-search.db
//     search query "who frees it"  the passages nearest to that, quoted, with file:line
//
// A tutorial on erato.hpp as well. In the order of reading: passages.h (a file becomes passages),
// embedder.h (passages become vectors), store.h (vectors are kept), index.h (all of it, file by
// file), nearest.h (vectors near to a query's), query.h (hits, a reranker's order, an answer).
//
// Results go to stdout, all else to stderr. Ends with 0; 1 and a line on stderr; 2 for a command
// line that makes no sense.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <iostream>

#include "samples/search/index.h"
#include "samples/search/print.h"
#include "samples/search/query.h"

namespace search {
namespace {

constexpr int kMany = 1 << 30;

CLI::App* AddIndex(CLI::App& app, IndexOptions& o) {
  CLI::App* const index = app.add_subcommand("index", "Read a folder, or what changed in it");
  index->add_option("FOLDER", o.folder, "text and source files, and all folders in it")
      ->required()
      ->type_name("");
  index->add_option("--db", o.database, "the index (default: .erato-search.db in FOLDER)");
  index->add_option("--model", o.model,
                    "makes the vectors: a path, or a name in the cache (default: minilm)");
  index->add_option("--exclude", o.excluded, "pass over names and paths like this: '*.log'")
      ->allow_extra_args(false);
  index->add_option("--graph-from", o.graph_from, "from so many passages on, search by a graph")
      ->check(CLI::Range(1, kMany))
      ->capture_default_str();
  index->add_flag("--rebuild", o.rebuild, "begin anew");
  return index;
}

CLI::App* AddQuery(CLI::App& app, QueryOptions& o) {
  CLI::App* const query = app.add_subcommand("query", "Find passages");
  query->add_option("TEXT", o.text, "what is looked for; none: a query a line from stdin")
      ->type_name("");
  query->add_option("--db", o.database,
                    "the index (default: that of this folder or of one above it)");
  query->add_option("--model", o.model, "the model of the index, where it lies elsewhere now");
  query->add_option("--top", o.top, "hits")->check(CLI::Range(1, 1000))->capture_default_str();
  query->add_option("--rerank", o.rerank, "a model that puts the 50 nearest in a better order");
  query->add_option("--answer", o.answer, "a chat model that answers from the hits");
  query->add_flag("--exact", o.exact, "look at every passage even where there is a graph");
  query->add_flag("--json", o.json, "one JSON object a query");
  return query;
}

void RunQuery(const QueryOptions& options) {
  const Query query(options);
  const auto print = options.json ? PrintResultAsJson : PrintResult;
  if (options.text) return print(query, *options.text);
  const bool person = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1;
  const auto prompt = [&] { std::fputs(person ? "? " : "", stdout), std::fflush(stdout); };
  prompt();
  for (std::string line; std::getline(std::cin, line); prompt()) {
    if (!line.empty()) print(query, line);
  }
}

int Run(int argc, char** argv) {
  CLI::App app("Search by meaning, with Erato", "search");
  app.require_subcommand(1);
  IndexOptions index;
  QueryOptions query;
  const CLI::App* const index_app = AddIndex(app, index);
  AddQuery(app, query);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& wrong) {
    return app.exit(wrong) == 0 ? 0 : 2;
  }
  index_app->parsed() ? RunIndex(index) : RunQuery(query);
  return 0;
}

}  // namespace
}  // namespace search

int main(int argc, char** argv) {
  try {
    return search::Run(argc, argv);
  } catch (const std::exception& failure) {
    std::fflush(stdout);
    std::fprintf(stderr, "search: %s\n", failure.what());
    return 1;
  }
}
