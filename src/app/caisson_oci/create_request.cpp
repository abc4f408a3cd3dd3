#include "app/caisson_oci/create_request.hpp"

#include "app/paths.hpp"

namespace caisson::app::oci {

lifecycle::CreateRequest create_request(const OptionValues& options, std::string id) {
  lifecycle::CreateRequest request;
  request.id = std::move(id);
  request.bundle = absolute_path(options.value("bundle").value_or("."));
  request.config_path = absolute_path(options.text("config"));
  request.console_socket = absolute_path(options.text("console-socket"));
  request.pid_file = absolute_path(options.text("pid-file"));
  request.pidfd_socket = absolute_path(options.text("pidfd-socket"));
  request.no_pivot = options.flag("no-pivot");
  request.no_new_keyring = options.flag("no-new-keyring");
  request.detach = options.flag("detach");
  request.keep = options.flag("keep");
  request.no_subreaper = options.flag("no-subreaper");
  request.preserve_fds = options.number("preserve-fds").value_or(0);
  return request;
}

}  // namespace caisson::app::oci
