// The small languages of `caisson run`: each parser takes one option's text and refuses what it does not understand whole.
// All throw Error{Usage} naming the option.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "spec/spec.hpp"

namespace caisson::request {

// SRC:DST[:opt,opt...]; SRC is absolute or relative to `directory`. A bind of the whole tree, private, writable unless `ro`.
spec::Mount parse_volume(std::string_view text, std::string_view directory);
// DST[:opt,opt...]
spec::Mount parse_tmpfs(std::string_view text);
// INSIDE:OUTSIDE:COUNT
spec::IdMapping parse_id_map(std::string_view text, std::string_view option);
// "monotonic=SECONDS,boottime=SECONDS": whole or decimal seconds, with a sign, or with a unit s, m, h, d.
std::map<std::string, spec::TimeOffset> parse_time_offset(std::string_view text);
// A name of lsns or of the OCI configuration: "net", "network", "mnt", ...
spec::NamespaceType parse_namespace(std::string_view text, std::string_view option);

}  // namespace caisson::request
