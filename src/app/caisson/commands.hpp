// The commands of caisson, one file each. What a command returns is the exit status of the program. Failures are thrown.
#pragma once

#include <cstdint>
#include <string>

#include "app/options.hpp"
#include "base/log.hpp"

namespace caisson::app::human {

// Whether the user wrote `caisson unshare`, or called the program by the name of the one of util-linux that it stands in for:
// then output, messages and statuses are that program's, without hints.
enum class CalledAs : std::uint8_t { Caisson, Face };

struct Invocation {
  const Parsed& line;
  LogSink& log;
  CalledAs called_as = CalledAs::Caisson;

  const OptionValues& options() const noexcept { return line.options; }
  std::string operand(std::size_t index) const { return std::string(line.operands[index]); }
};

// The exit status is that of the payload, or 0 after a report.
int run(const Invocation& invocation);
// The life of detached containers.
int ps(const Invocation& invocation);
int logs(const Invocation& invocation);
// The exit status is that of the program; 0 when it is detached.
int exec(const Invocation& invocation);
int stop(const Invocation& invocation);
int start(const Invocation& invocation);
int restart(const Invocation& invocation);
int kill(const Invocation& invocation);
int wait(const Invocation& invocation);
int rm(const Invocation& invocation);
int pause(const Invocation& invocation);
int unpause(const Invocation& invocation);
int rename(const Invocation& invocation);
int top(const Invocation& invocation);
int stats(const Invocation& invocation);
int inspect(const Invocation& invocation);
int prune(const Invocation& invocation);
// The exit status is that of the container, or 0 when the caller has left it.
int attach(const Invocation& invocation);
int cp(const Invocation& invocation);
int diff(const Invocation& invocation);
// What the monitor of a detached container executes.
int keep(const Invocation& invocation);
int image_load(const Invocation& invocation);
int image_pull(const Invocation& invocation);
int commit(const Invocation& invocation);
int image_import(const Invocation& invocation);
int image_ls(const Invocation& invocation);
int image_inspect(const Invocation& invocation);
int image_export(const Invocation& invocation);
int image_rm(const Invocation& invocation);
int image_prune(const Invocation& invocation);
int ns_pin(const Invocation& invocation);
int ns_hold(const Invocation& invocation);
int ns_rm(const Invocation& invocation);
// Returns only what a child of it returned, or a process on the way that failed; else this process becomes the program.
int unshare(const Invocation& invocation);
// Returns only what a child of it returned; else this process becomes the program.
int nsenter(const Invocation& invocation);
int ns_show(const Invocation& invocation);
// 0: the same, 1: different, 2: it cannot be told.
int ns_diff(const Invocation& invocation);
int explain(const Invocation& invocation);
int ns_map(const Invocation& invocation);
// 0: rootful and rootless containers can run; 1: only rootful ones; 2: only rootless ones; 3: none.
int check(const Invocation& invocation);
// What may follow the words behind the program's name, for shells (app/complete.hpp).
int complete_word(const Invocation& invocation);
int net_create(const Invocation& invocation);
int net_ls(const Invocation& invocation);
int net_inspect(const Invocation& invocation);
int net_rm(const Invocation& invocation);
int net_connect(const Invocation& invocation);
int net_disconnect(const Invocation& invocation);
int net_attach(const Invocation& invocation);
int net_detach(const Invocation& invocation);
int net_link(const Invocation& invocation);
int ns_ls(const Invocation& invocation);
int ns_tree(const Invocation& invocation);
// 0, or 1 for a failure.
int lsns(const Invocation& invocation);

}  // namespace caisson::app::human
