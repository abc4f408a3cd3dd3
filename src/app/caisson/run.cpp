#include "app/caisson/commands.hpp"

#include <fcntl.h>

#include <algorithm>

#include "app/caisson/run_container.hpp"
#include "app/caisson/run_detached.hpp"
#include "app/caisson/run_file.hpp"
#include "app/caisson/run_image.hpp"
#include "app/caisson/run_services.hpp"
#include "app/caisson/run_wish.hpp"
#include "app/caisson/state_root.hpp"
#include "app/paths.hpp"
#include "app/report.hpp"
#include "base/text.hpp"
#include "host/tmpfs_attributes.hpp"
#include "image/layer_view.hpp"
#include "inspect/isolation.hpp"
#include "inspect/namespace_choice.hpp"
#include "life/foreground.hpp"
#include "lifecycle/new_container.hpp"
#include "mount/host_view.hpp"
#include "plan/describe.hpp"
#include "request/make_spec.hpp"
#include "spec/validate.hpp"
#include "spec/write_config.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"
#include "sys/terminal.hpp"

extern char** environ;

namespace caisson::app::human {
namespace {

// What the wish refers to outside of itself: the root's user names, a seccomp profile, the caller's environment.
request::Surroundings surroundings_of(const request::RunWish& wish, const std::vector<ns::OpenNamespace>& joined) {
  request::Surroundings around;
  const std::string path = wish.rootfs.empty() ? "/" : wish.rootfs;
  const sys::RootDir root = sys::RootDir::open_host(path.c_str()).or_throw("--rootfs: open ", path);
  if (wish.image) {
    const image::LayerView layers(wish.image->layers);
    around.passwd = layers.read("etc/passwd");
    around.group = layers.read("etc/group");
  } else {
    around.passwd = text_of_file(root, "/etc/passwd");
    around.group = text_of_file(root, "/etc/group");
  }
  around.shell = root.open_path("/bin/bash").ok() ? "/bin/bash" : "/bin/sh";
  around.groups_stay = std::ranges::any_of(
      joined, [](const ns::OpenNamespace& one) { return one.type == ns::Type::User && inspect::denies_setgroups(one.fd); });
  around.host_shows_queues = sys::status_at(sys::kCwd, "/dev/mqueue").ok();
  around.directory = sys::current_dir().or_throw("name the working directory");
  if (const std::string file = request::seccomp_file(wish); !file.empty())
    around.seccomp_profile = sys::read_file(sys::kCwd, file.c_str()).or_throw("--security-opt seccomp: read ", file);
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos) around.environment.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return around;
}

mount::HostViewPlan host_view_of(const spec::Spec& spec, const host::HostFacts& facts) {
  bool user = !facts.initial_user_namespace;
  for (const spec::Namespace& one : spec.linux_->namespaces) user = user || one.type == spec::NamespaceType::User;
  const std::string mountinfo = sys::read_file(sys::kCwd, "/proc/self/mountinfo").or_throw("read the mount table");
  return mount::plan_host_view(mount::read_host_view_facts(user, mountinfo));
}

// What there is of the wish besides its own words: namespaces that were opened for it, files for its networks.
struct Besides {
  const std::vector<ns::OpenNamespace>& joined;
  const NetWish& net;
  const std::string& state_root;
  const std::vector<service::Wish>& services;
  const OptionValues& options;
};

lifecycle::ContainerWish container_wish(const request::RunWish& wish, const Besides& besides) {
  const host::HostFacts facts = host::probe_host(host::Groups{} | host::Group::Users);
  const request::Surroundings around = surroundings_of(wish, besides.joined);
  lifecycle::ContainerWish made{.spec = request::make_spec(wish, facts, around)};
  if (besides.net.needs_attachment()) bind_name_files(made.spec, besides.net.wish, besides.state_root, wish.id);
  spec::validate(made.spec);
  made.request = {.id = wish.id,
                  .bundle = "/",
                  .payload = wish.init ? plan::PayloadMode::BelowInit : plan::PayloadMode::IsInit,
                  .end = plan::End::WithRuntime,
                  .awaits_network = besides.net.needs_attachment()};
  if (!besides.services.empty()) set_services(made, besides.services, besides.options, around);
  made.config = spec::write_config(made.spec);
  if (wish.image)
    made.request.host_view =
        mount::plan_image_view(wish.image->layers, mount::own_volumes(wish.image->volumes, made.spec.mounts));
  else if (wish.rootfs.empty())
    made.request.host_view = host_view_of(made.spec, facts);
  made.payload = lifecycle::Payload::StartsAtOnce;
  made.terminal = wish.terminal ? lifecycle::Terminal::Foreground : lifecycle::Terminal::None;
  return made;
}

// Nobody types a command into a script's container: what was isolated is shown instead, and nothing is executed.
int report_isolation(const lifecycle::Context& context, lifecycle::ContainerWish wish, lifecycle::StepLog& steps) {
  wish.payload = lifecycle::Payload::WaitsForStart;
  lifecycle::NewContainer container(context, std::move(wish), steps);
  container.begin();
  container.finish();
  std::string report = inspect::isolation_report(container.pid(), container.process());
  for (const std::string& note : container.notes()) report += text::join("note: ", note, "\n");
  print_out(report);
  steps.write_trace();
  return 0;
}

}  // namespace

std::string text_of_file(const sys::RootDir& root, const char* path) {
  constexpr std::size_t kMost = std::size_t{4} << 20;
  auto file = root.open(path, O_RDONLY | O_NONBLOCK);
  if (!file.ok()) return {};
  return sys::read_full(file.value().borrow(), kMost).value_or("");
}

RunContainer run_container(const Parsed& line, request::RunWish wish, const inspect::Places& places) {
  RunContainer made{.joined = {}, .net = net_wish(line.options), .network = {}, .wish = {}};
  const std::vector<service::Wish> services = service_wishes(line.options);
  std::vector<std::string_view> choices = line.options.values("ns");
  choices.insert(choices.end(), made.net.joined.begin(), made.net.joined.end());
  made.joined = inspect::open_choices(choices, places);
  wish.network = made.net.kind;
  for (const ns::OpenNamespace& one : made.joined)
    wish.joined.push_back({.type = one.type, .path = text::join("/proc/self/fd/", one.fd.borrow().get())});
  sys::UniqueFd image = use_image(line, wish);
  if (line.options.flag("publish-all")) {
    if (!wish.image) throw Error(ErrorKind::Usage, "--publish-all: belongs to an image, and none is meant");
    publish_exposed(made.net, wish.image->ports);
  }
  if (!services.empty()) check_services(line, wish);
  made.wish = container_wish(wish, {made.joined, made.net, places.state_root, services, line.options});
  if (image.valid()) made.wish.held.push_back(std::move(image));
  return made;
}

void take_network(RunContainer& made, const std::string& state_root, LogSink& log, const std::string& id) {
  if (!made.net.needs_attachment()) return;
  made.network = std::make_unique<RunNetwork>(state_root, log, id, made.net.wish);
  made.wish.network = made.network.get();
}

// Also for a container without one: networks may have come to it while it ran.
static void release_network(const RunContainer& made, const std::string& state_root, LogSink& log, const std::string& id) {
  if (made.network)
    made.network->release();
  else if (network::is_member(network::places_of(state_root), id))
    network::release(network_machine(state_root, log), id);
}

static int run_foreground(const Invocation& invocation, const lifecycle::Context& life, RunContainer& made,
                          lifecycle::StepLog& steps, std::optional<life::Record> record) {
  std::optional<life::Foreground> listed;
  std::function<void(lifecycle::NewContainer&)> running;
  sys::UniqueFd stage;  // open for as long as it runs, for whoever asks what it changed
  if (record) {
    if (made.wish.request.host_view) made.wish.request.host_view->keeps_stage = true;
    record->args = made.wish.spec.process->args;
    made.net.wish.names.push_back(record->name);
    listed.emplace(life::Store::open_or_create(store_path_of(absolute_path(invocation.line.global.text("root")))), *record);
    listed->give_layer(made.wish);
    running = [&](lifecycle::NewContainer& container) {
      stage = container.take_stage();
      listed->runs(stage);
    };
  }
  const std::string id = made.wish.request.id;
  take_network(made, life.state_root, invocation.log, id);
  const int status = lifecycle::run_wish(life, std::move(made.wish), steps, false, running);
  release_network(made, life.state_root, invocation.log, id);
  if (listed) listed->ended(status);
  return status;
}

int run(const Invocation& invocation) try {
  if (invocation.options().has("file")) return run_file(invocation);
  const OptionValues& options = invocation.line.options;
  if (options.flag("detach") && !options.flag("dry-run")) return run_detached(invocation);
  refuse_detached_options(options);
  const bool services = options.has("service");
  const bool on_terminal = !services && sys::is_terminal(sys::BorrowedFd(0)) && sys::is_terminal(sys::BorrowedFd(1));
  request::RunWish wish = run_wish(invocation.line, on_terminal);
  if (wish.terminal && !sys::is_terminal(sys::BorrowedFd(0)))
    throw Error(ErrorKind::Usage, "--tty: standard input is not a terminal").with_hint("leave out --tty in scripts and pipes");
  lifecycle::Context life{.state_root = state_root_of(invocation), .program_name = "caisson"};
  life.explain = options.flag("explain");
  life.trace_file = absolute_path(options.text("trace"));
  life.log = &invocation.log;
  lifecycle::StepLog steps(life.explain, life.trace_file);
  const bool report =
      !services && wish.command.empty() && !options.has("image") && !wish.terminal && !options.flag("interactive");
  // Nothing is written for one without a name, unless what it writes has to have a place on the disk.
  std::optional<life::Record> record;
  if (options.has("name") || (!report && !options.has("rootfs") && !host::tmpfs_has_user_attributes()))
    record = record_of(invocation.line);
  if (record) wish.id = record->id;
  RunContainer made = run_container(invocation.line, wish, places_of(invocation));
  if (options.flag("dry-run")) {
    print_out(plan::describe(lifecycle::plan_for(made.wish, lifecycle::facts_for(made.wish.spec))));
    return 0;
  }
  if (!report) return run_foreground(invocation, life, made, steps, std::move(record));
  take_network(made, life.state_root, invocation.log, wish.id);
  const int status = report_isolation(life, std::move(made.wish), steps);
  release_network(made, life.state_root, invocation.log, wish.id);
  return status;
} catch (const Error& error) {
  throw or_is_it_an_image(error, invocation.line);
}

}  // namespace caisson::app::human
