// The checks of linux.resources that hold for every cgroup version; what a controller can take is checked by cgroup/.
#include <algorithm>
#include <string>

#include "base/text.hpp"
#include "spec/check_rules.hpp"
#include "spec/checks.hpp"

namespace caisson::spec {
namespace {

// 0 is what engines send for "not set".
void require_weight(std::uint16_t weight, const JsonPath& path) {
  if (weight != 0 && (weight < 10 || weight > 1000)) refuse(path, text::join(weight, " is out of range 10..1000"));
}

void require_device_number(std::int64_t number, const JsonPath& path) {
  if (number < 0) refuse(path, text::join(number, " is not a device number"));
}

template <class Entry>
void require_device_numbers(const std::vector<Entry>& entries, const JsonPath& path) {
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const JsonPath where = child_path(path, i);
    require_device_number(entries[i].major, child_path(where, "major"));
    require_device_number(entries[i].minor, child_path(where, "minor"));
  }
}

// "64KB", "2MB", "1GB": as in the file names of the hugetlb controller.
bool is_page_size(std::string_view size) {
  if (!size.ends_with("KB") && !size.ends_with("MB") && !size.ends_with("GB")) return false;
  return text::parse_number<std::uint32_t>(size.substr(0, size.size() - 2)).value_or(0) != 0;
}

}  // namespace

void check_device_rules(const Resources& resources, std::string_view prefix) {
  for (std::size_t i = 0; i < resources.devices.size(); ++i) {
    const DeviceRule& rule = resources.devices[i];
    const JsonPath path = child_path(child_path(prefix, "devices"), i);
    if (rule.type == DeviceType::Fifo || rule.type == DeviceType::Unbuffered) {
      refuse(child_path(path, "type"), "a rule is for \"c\", \"b\" or \"a\"");
    }
    // -1 is runc's word for "any".
    if (rule.major.value_or(0) < -1) refuse(child_path(path, "major"), text::join(*rule.major, " is not a device number"));
    if (rule.minor.value_or(0) < -1) refuse(child_path(path, "minor"), text::join(*rule.minor, " is not a device number"));
    if (rule.access.find_first_not_of("rwm") != std::string::npos) {
      refuse(child_path(path, "access"), text::join(text::quoted(rule.access), " has other letters than r, w and m"));
    }
  }
}

void check_cpu(const Resources& resources, std::string_view prefix) {
  if (!resources.cpu) return;
  const JsonPath path = child_path(prefix, "cpu");
  require_number_list(resources.cpu->cpus, child_path(path, "cpus"));
  require_number_list(resources.cpu->mems, child_path(path, "mems"));
  const std::int64_t idle = resources.cpu->idle.value_or(0);
  if (idle != 0 && idle != 1) refuse(child_path(path, "idle"), text::join(idle, " is neither 0 nor 1"));
}

void check_memory(const Resources& resources, std::string_view prefix) {
  if (!resources.memory) return;
  const JsonPath path = child_path(prefix, "memory");
  struct Member {
    std::string_view name;
    std::optional<std::int64_t> value;
  };
  const MemoryLimits& memory = *resources.memory;
  for (const Member& member : {Member{"limit", memory.limit},
                               {"reservation", memory.reservation},
                               {"swap", memory.swap},
                               {"kernel", memory.kernel},
                               {"kernelTCP", memory.kernel_tcp}}) {
    if (member.value.value_or(0) < -1) {
      refuse(child_path(path, member.name), text::join(*member.value, " is no amount of memory"), "-1 means no limit");
    }
  }
  if (memory.swappiness.value_or(0) > 100) {
    refuse(child_path(path, "swappiness"), text::join(*memory.swappiness, " is out of range 0..100"));
  }
}

void check_block_io(const Resources& resources, std::string_view prefix) {
  if (!resources.block_io) return;
  const BlockIoLimits& limits = *resources.block_io;
  const JsonPath path = child_path(prefix, "blockIO");
  require_weight(limits.weight.value_or(0), child_path(path, "weight"));
  require_weight(limits.leaf_weight.value_or(0), child_path(path, "leafWeight"));
  const JsonPath devices = child_path(path, "weightDevice");
  require_device_numbers(limits.weight_device, devices);
  for (std::size_t i = 0; i < limits.weight_device.size(); ++i) {
    const JsonPath where = child_path(devices, i);
    require_weight(limits.weight_device[i].weight.value_or(0), child_path(where, "weight"));
    require_weight(limits.weight_device[i].leaf_weight.value_or(0), child_path(where, "leafWeight"));
  }
  require_device_numbers(limits.throttle_read_bps, child_path(path, "throttleReadBpsDevice"));
  require_device_numbers(limits.throttle_write_bps, child_path(path, "throttleWriteBpsDevice"));
  require_device_numbers(limits.throttle_read_iops, child_path(path, "throttleReadIOPSDevice"));
  require_device_numbers(limits.throttle_write_iops, child_path(path, "throttleWriteIOPSDevice"));
}

void check_hugepages(const Resources& resources, std::string_view prefix) {
  const auto& limits = resources.hugepage_limits;
  for (std::size_t i = 0; i < limits.size(); ++i) {
    const JsonPath path = child_path(child_path(child_path(prefix, "hugepageLimits"), i), "pageSize");
    if (!is_page_size(limits[i].page_size)) {
      refuse(path, text::join(text::quoted(limits[i].page_size), " is not a page size"), "write it as 64KB, 2MB or 1GB");
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (limits[j].page_size == limits[i].page_size) refuse(path, text::join(limits[i].page_size, " is given twice"));
    }
  }
}

void check_unified(const Resources& resources, std::string_view prefix) {
  for (const auto& [file, value] : resources.unified) {
    if (file.empty() || file == "." || file == ".." || file.find('/') != std::string::npos) {
      refuse(child_path(child_path(prefix, "unified"), file), "is not the name of a cgroup file",
             "names have no '/', like memory.high");
    }
  }
}

}  // namespace caisson::spec
