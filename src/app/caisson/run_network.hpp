// The networks of a container of `caisson run`, and the files that are bound into it for them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/caisson/commands.hpp"
#include "app/caisson/net_wish.hpp"
#include "app/caisson/user_network.hpp"
#include "lifecycle/container_network.hpp"
#include "network/attachment.hpp"
#include "spec/spec.hpp"

namespace caisson::app::human {

network::Machine network_machine(const std::string& state_root, LogSink& log);

// Mounts of hosts, hostname and resolv.conf, where the user's own mounts do not stand already.
void bind_name_files(spec::Spec& spec, const network::Wish& wish, const std::string& state_root, const std::string& id);

class RunNetwork final : public lifecycle::ContainerNetwork {
 public:
  RunNetwork(const std::string& state_root, LogSink& log, std::string id, network::Wish wish);
  void connect(pid_t first_process, sys::BorrowedFd network_namespace) override;
  std::vector<sys::BorrowedFd> held() const override { return attachment_.kept_ports(); }
  void leave_to_others() noexcept override { attachment_.leave_to_others(); }
  void release() { attachment_.release(network::Wait::No); }

 private:
  std::optional<UserNetworkProgram> program_;
  network::Places places_;
  std::string id_;
  network::Wish wish_;
  network::Attachment attachment_;
};

}  // namespace caisson::app::human
