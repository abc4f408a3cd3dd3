// `caisson run --detach`, and what its keeper executes afterwards.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/caisson/commands.hpp"
#include "app/caisson/run_network.hpp"
#include "life/keep.hpp"

namespace caisson::app::human {

// Prints the id when the program runs.
int run_detached(const Invocation& invocation);
// What is kept of the command line. Throws Error{Usage} for what cannot be.
life::Record record_of(const Parsed& line);
// Of `caisson run`, by the name that a record has; throws Error{State} for one of another version.
const Option& option_of(const life::GivenOption& given);
// The command line again; its texts stay the record's.
Parsed line_of(const life::Record& record);
// Throws Error{Usage} for options that mean something for detached containers only.
void refuse_detached_options(const OptionValues& options);

// Where the containers of the caller are. given_root: of --root, absolute; empty: none.
std::string store_path_of(std::string given_root);

// Where they are, and how one is built again from its record.
class DetachedContainers {
 public:
  explicit DetachedContainers(const Invocation& invocation);
  // store_path: of the keeper, which has another environment.
  DetachedContainers(const Invocation& invocation, std::string store_path);

  const lifecycle::Context& context() const noexcept { return context_; }
  const std::string& store_path() const noexcept { return store_path_; }
  // Throws for a container that is not there, or was not any more when it had been repaired.
  life::Entry find(std::string_view word) const;
  std::optional<life::Store> store() const { return life::Store::open(store_path_); }
  life::KeepContext keep_context();
  lifecycle::ContainerWish wish_of(const life::Record& record);

 private:
  lifecycle::Context context_;
  std::string store_path_;
  // Of the container that is being built.
  std::vector<ns::OpenNamespace> joined_;
  std::unique_ptr<RunNetwork> network_;
};

}  // namespace caisson::app::human
