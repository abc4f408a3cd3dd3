// What the checks share: the error they throw and the rules on texts that several members obey.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "spec/json_path.hpp"
#include "spec/spec.hpp"

namespace caisson::spec {

// (uid_t)-1 and (gid_t)-1 mean "no id" to the kernel.
inline constexpr std::uint32_t kNoId = 4294967295u;

// Throws Error(Spec, "<path>: <problem>").
[[noreturn]] void refuse(const JsonPath& path, std::string_view problem, std::string_view hint = {});

void require_known(std::span<const std::string_view> names, std::string_view what, std::string_view name, const JsonPath& path);
void require_absolute(std::string_view value, const JsonPath& path);
// "NAME=value" with a name.
void require_environment(const std::vector<std::string>& env, const JsonPath& path);
// The rules of user_namespaces(7), "Defining user and group ID mappings".
void require_id_map(const std::vector<IdMapping>& mappings, const JsonPath& path);
// "0-3,7": CPU and memory node lists; an empty one passes.
void require_number_list(std::string_view list, const JsonPath& path);

// The namespace of that type in linux.namespaces; null when the container shares the runtime's.
const Namespace* find_namespace(const Spec& spec, NamespaceType type);

}  // namespace caisson::spec
