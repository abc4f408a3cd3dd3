#include "pair_report.hpp"

#include <algorithm>
#include <cstdio>

namespace bench {
namespace {

double quantile(const std::vector<double>& sorted, double part) {
  return sorted[static_cast<std::size_t>(part * static_cast<double>(sorted.size() - 1) + 0.5)];
}

void print_spread(std::FILE* out, const char* name, const Spread& spread, const char* end) {
  std::fprintf(out, "\"%s\": {\"p25\": %.4f, \"median\": %.4f, \"p75\": %.4f}%s", name, spread.low, spread.middle, spread.high,
               end);
}

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) >= ' ') out += c;
  }
  return out;
}

}  // namespace

Spread spread_of(std::vector<double> figures) {
  if (figures.empty()) return {};
  std::sort(figures.begin(), figures.end());
  return {quantile(figures, 0.25), quantile(figures, 0.5), quantile(figures, 0.75)};
}

std::vector<Row> summarize(const std::vector<Command>& commands, const Session& session) {
  constexpr double kSmallest = 1e-6;  // a run that costs no measurable time must not divide by zero
  std::vector<Row> rows;
  for (std::size_t command = 0; command < commands.size(); ++command) {
    std::vector<double> wall, cpu, wall_ratio, cpu_ratio;
    Row row{commands[command].label, {}, {}, {}, {}, session.runs[command].size(), 0};
    for (std::size_t round = 0; round < session.runs[command].size(); ++round) {
      const Run& run = session.runs[command][round];
      const Run& first = session.runs[0][round];
      wall.push_back(run.wall_ms);
      cpu.push_back(run.cpu_ms);
      wall_ratio.push_back(run.wall_ms / std::max(first.wall_ms, kSmallest));
      cpu_ratio.push_back(run.cpu_ms / std::max(first.cpu_ms, kSmallest));
      row.failures += run.failed ? 1 : 0;
    }
    row.wall_ms = spread_of(std::move(wall));
    row.cpu_ms = spread_of(std::move(cpu));
    row.wall_ratio = spread_of(std::move(wall_ratio));
    row.cpu_ratio = spread_of(std::move(cpu_ratio));
    rows.push_back(std::move(row));
  }
  return rows;
}

void print_table(const Session& session, const std::vector<Row>& rows) {
  if (session.gap_ms == 0)
    std::printf("back to back, %zu rounds\n", rows.front().rounds);
  else
    std::printf("%d ms idle before each run, %zu rounds\n", session.gap_ms, rows.front().rounds);
  std::printf("  %-24s %10s %10s   %-22s %-22s %s\n", "", "wall ms", "cpu ms", "wall/first", "cpu/first", "failed");
  for (const Row& row : rows) {
    std::printf("  %-24s %10.3f %10.3f   %6.3f [%6.3f %6.3f] %6.3f [%6.3f %6.3f] %zu\n", row.label.c_str(), row.wall_ms.middle,
                row.cpu_ms.middle, row.wall_ratio.middle, row.wall_ratio.low, row.wall_ratio.high, row.cpu_ratio.middle,
                row.cpu_ratio.low, row.cpu_ratio.high, row.failures);
  }
}

bool write_json(const std::string& path, const std::vector<Session>& sessions, const std::vector<std::vector<Row>>& tables) {
  std::FILE* out = std::fopen(path.c_str(), "we");
  if (out == nullptr) return false;
  std::fprintf(out, "[");
  for (std::size_t session = 0; session < sessions.size(); ++session) {
    std::fprintf(out, "%s\n  {\"gap_ms\": %d, \"rounds\": %zu, \"commands\": [", session == 0 ? "" : ",",
                 sessions[session].gap_ms, tables[session].front().rounds);
    for (std::size_t at = 0; at < tables[session].size(); ++at) {
      const Row& row = tables[session][at];
      std::fprintf(out, "%s\n    {\"label\": \"%s\", ", at == 0 ? "" : ",", escaped(row.label).c_str());
      print_spread(out, "wall_ms", row.wall_ms, ", ");
      print_spread(out, "cpu_ms", row.cpu_ms, ", ");
      print_spread(out, "wall_ratio", row.wall_ratio, ", ");
      print_spread(out, "cpu_ratio", row.cpu_ratio, ", ");
      std::fprintf(out, "\"failures\": %zu}", row.failures);
    }
    std::fprintf(out, "]}");
  }
  std::fprintf(out, "\n]\n");
  return std::fclose(out) == 0;
}

}  // namespace bench
