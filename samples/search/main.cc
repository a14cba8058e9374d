// search: finds text by what it means.
//
//     search index FOLDER          reads a folder of text and source files into FOLDER/.erato-search.db
//     search query "who frees it"  the passages nearest to that, quoted, with file:line
//
// A tutorial on erato.hpp as well. In the order of reading: passages.h (a file becomes passages),
// embedder.h (passages become vectors), store.h (vectors are kept), indexer.h (all of it, file by
// file), nearest.h (vectors near to a query's), query.h (hits, a reranker's order), answer.h (a chat
// model answers from them).
//
// Results go to stdout, all else to stderr. Exit statuses: program.h.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

#include "samples/search/index.h"
#include "samples/search/program.h"
#include "samples/search/query.h"
#include "samples/search/recall.h"

namespace search {
namespace {

constexpr int kMany = 1 << 30;

void AddIndex(CLI::App& app, IndexOptions& o) {
  app.add_option("FOLDER", o.folder, "text and source files, and all folders in it")
      ->required()
      ->type_name("");
  app.add_option("--db", o.database, "the index (default: .erato-search.db in FOLDER)");
  app.add_option("--model", o.model,
                 "makes the vectors: a path, or a name in the cache (default: minilm)");
  app.add_option("--exclude", o.excluded, "pass over names and paths like this: '*.log', 'build*'")
      ->allow_extra_args(false);
  app.add_option("--max-bytes", o.most_bytes, "pass over larger files")->capture_default_str();
  app.add_option("--passage-tokens", o.passage_tokens,
                 "most tokens of a passage (default: 160, or what the model reads)");
  app.add_option("--prompt", o.prompt, "one of the model's prompts (default: that for documents)");
  app.add_option("--graph-from", o.graph_from, "from so many passages on, search by a graph")
      ->check(CLI::Range(1, kMany))
      ->capture_default_str();
  app.add_flag("--rebuild", o.rebuild, "begin anew");
  app.add_flag("--json", o.json, "counts as one JSON object");
}

void AddQuery(CLI::App& app, QueryOptions& o) {
  app.add_option("TEXT", o.text, "what is looked for; none: a query a line from stdin")
      ->type_name("");
  app.add_option("--db", o.database, "the index (default: that of this folder or of one above it)");
  app.add_option("--top", o.top, "hits")->check(CLI::Range(1, 1000))->capture_default_str();
  app.add_option("--lines", o.lines, "lines of a hit that are quoted; 0 = all")
      ->capture_default_str();
  app.add_option("--rerank", o.rerank, "a model that puts the 50 nearest in a better order");
  app.add_option("--answer", o.answer, "a chat model that answers from the hits");
  app.add_option("--model", o.model, "the model of the index, where it lies elsewhere now");
  app.add_option("--prompt", o.prompt, "one of the model's prompts (default: that for queries)");
  app.add_flag("--exact", o.exact, "look at every passage even where there is a graph");
  app.add_flag("--json", o.json, "one JSON object a query");
}

void AddRecall(CLI::App& app, RecallOptions& o) {
  app.add_option("--db", o.database, "the index (default: that of this folder or of one above it)");
  app.add_option("--top", o.top, "hits")->check(CLI::Range(1, 1000))->capture_default_str();
  app.add_flag("--json", o.json, "one JSON object");
}

int Run(int argc, char** argv) {
  CLI::App app("Search by meaning, with Erato", "search");
  app.require_subcommand(1);
  IndexOptions index;
  QueryOptions query;
  RecallOptions recall;
  CLI::App* const index_app = app.add_subcommand("index", "Read a folder, or what changed in it");
  CLI::App* const query_app = app.add_subcommand("query", "Find passages");
  CLI::App* const recall_app = app.add_subcommand(
      "recall", "How much of what is near the graph of a large index finds; queries from stdin");
  AddIndex(*index_app, index);
  AddQuery(*query_app, query);
  AddRecall(*recall_app, recall);
  app.footer(
      "Exit status: 0 done, 1 it could not be done, 2 wrong command line, 130 stopped by Ctrl-C");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& wrong) {
    return app.exit(wrong) == 0 ? kDone : kUsage;
  }
  if (index_app->parsed()) return RunIndex(index);
  if (query_app->parsed()) return RunQuery(query);
  return RunRecall(recall);
}

}  // namespace
}  // namespace search

int main(int argc, char** argv) {
  try {
    return search::Run(argc, argv);
  } catch (const std::exception& failure) {
    std::fflush(stdout);
    std::fprintf(stderr, "search: %s\n", failure.what());
    return search::kFailed;
  }
}
