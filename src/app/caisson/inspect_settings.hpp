// The parts of `caisson inspect` that are about what a container has beside its root: networks, ports, mounts.
#pragma once

#include <string>

#include "json/writer.hpp"
#include "life/record.hpp"

namespace caisson::app::human {

// "NetworkSettings": as the records of networks have it now; empty lists for one that does not run or has no network of ours.
void write_network_settings(json::Writer& out, const std::string& state_root, const life::Record& record);
// "Mounts": what the caller asked for with --volume and --tmpfs, and the volumes of the image. directory: of the container.
void write_mounts(json::Writer& out, const life::Record& record, const std::string& directory);

// "0.0.0.0:8080->80/tcp, 443/tcp": the ports of a container that runs, published ones first, then those that its image exposes
// only.
std::string ports_text(const std::string& state_root, const life::Record& record);

}  // namespace caisson::app::human
