// What `pair` measured, as a table for people and as JSON for scripts.
#pragma once

#include <string>
#include <vector>

namespace bench {

struct Run {
  double wall_ms = 0, cpu_ms = 0;
  bool failed = false;
};

struct Command {
  std::string label;
  std::vector<std::string> words;
};

// runs[command][round]; the commands of one round were run one after the other, in random order.
struct Session {
  int gap_ms = 0;
  std::vector<std::vector<Run>> runs;
};

// Middle and quartiles of a set of figures.
struct Spread {
  double low = 0, middle = 0, high = 0;
};
Spread spread_of(std::vector<double> figures);

struct Row {
  std::string label;
  Spread wall_ms, cpu_ms;
  Spread wall_ratio, cpu_ratio;  // of each round's run to the first command's run of the same round
  std::size_t rounds = 0, failures = 0;
};
std::vector<Row> summarize(const std::vector<Command>& commands, const Session& session);

void print_table(const Session& session, const std::vector<Row>& rows);
// False when the file cannot be written.
bool write_json(const std::string& path, const std::vector<Session>& sessions, const std::vector<std::vector<Row>>& tables);

}  // namespace bench
