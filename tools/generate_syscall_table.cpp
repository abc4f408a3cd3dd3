// Writes src/security/syscall_table_data.cpp to standard output. Run by hand when a new kernel adds system calls:
//   g++ -std=c++20 -Isrc -o generate tools/generate_syscall_table.cpp src/security/seccomp_architecture.cpp src/base/*.cpp
//   -lseccomp
//   ./generate loongarch64=FILE m68k=FILE sh=FILE > src/security/syscall_table_data.cpp
// Numbers come from the installed libseccomp. Architectures that it does not know come from lines "#define __NR_name number":
// for m68k and sh the unistd_32.h of Debian's linux-libc-dev-m68k-cross and -sh4-cross, for loongarch64
//   cpp -dM -D__BITS_PER_LONG=64 -D__ARCH_WANT_SYS_CLONE -D__ARCH_WANT_SYS_CLONE3 -D__ARCH_WANT_NEW_STAT asm-generic/unistd.h
// Calls newer than both are in kNewer: since Linux 5.1 a new call has one number on all architectures.
#include <seccomp.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <sstream>
#include <string>

#include "security/seccomp_architecture.hpp"
#include "security/syscall_table.hpp"

using namespace caisson::security;

namespace {

struct Newer {
  const char* name;
  unsigned number;
};
constexpr Newer kNewer[] = {
    {"cachestat", 451},          // 6.5
    {"fchmodat2", 452},          // 6.6
    {"map_shadow_stack", 453},   // 6.6
    {"futex_wake", 454},         // 6.7
    {"futex_wait", 455},         // 6.7
    {"futex_requeue", 456},      // 6.7
    {"statmount", 457},          // 6.8
    {"listmount", 458},          // 6.8
    {"lsm_get_self_attr", 459},  // 6.8
    {"lsm_set_self_attr", 460},  // 6.8
    {"lsm_list_modules", 461},   // 6.8
    {"mseal", 462},              // 6.10
    {"setxattrat", 463},         // 6.13
    {"getxattrat", 464},         // 6.13
    {"listxattrat", 465},        // 6.13
    {"removexattrat", 466},      // 6.13
    {"open_tree_attr", 467},     // 6.15
    {"file_getattr", 468},       // 6.17
    {"file_setattr", 469},       // 6.17
};
struct NewerOnOne {
  const char* name;
  unsigned number;
  SyscallColumn column;
};
constexpr NewerOnOne kNewerOnOne[] = {
    {"uretprobe", 335, SyscallColumn::X8664},        // 6.11
    {"uprobe", 336, SyscallColumn::X8664},           // 6.18
    {"riscv_hwprobe", 258, SyscallColumn::Riscv64},  // 6.4
};

constexpr const char* kColumnNames[kSyscallColumns] = {"x86",    "x86_64", "x32",     "arm",     "aarch64", "mips",
                                                       "mips64", "n32",    "ppc",     "ppc64",   "s390",    "s390x",
                                                       "parisc", "pari64", "riscv64", "loong64", "m68k",    "sh"};

using Column = std::map<std::string, long>;

unsigned base_of(SyscallColumn column) {
  if (column == SyscallColumn::Mips) return 4000;
  if (column == SyscallColumn::Mips64) return 5000;
  if (column == SyscallColumn::Mips64n32) return 6000;
  return 0;
}

// All names libseccomp knows; negative numbers are its stand-ins for calls an architecture lacks.
std::set<std::string> names_of_libseccomp() {
  std::set<std::string> names;
  for (const SeccompArchitectureInfo& info : seccomp_architectures()) {
    const std::uint32_t token = seccomp_arch_resolve_name([&] {
      static std::string lower;
      lower.clear();
      for (const char c : info.name.substr(10)) lower += static_cast<char>(std::tolower(c));
      return lower.c_str();
    }());
    if (token == 0) continue;
    for (int number = -20000; number < 0x0f0100; ++number) {
      if (number == 20000) number = 0x0f0000;
      if (char* name = seccomp_syscall_resolve_num_arch(token, number)) {
        names.insert(name);
        std::free(name);
      }
    }
  }
  return names;
}

// The direct number, also of calls that libseccomp reports as multiplexed.
Column column_of_libseccomp(std::uint32_t token, unsigned base, const std::set<std::string>& names) {
  Column column;
  for (int number = static_cast<int>(base); number < 0x0f0100; ++number) {
    if (number == 20000) number = 0x0f0000;
    if (char* name = seccomp_syscall_resolve_num_arch(token, number)) {
      column.emplace(name, number);
      std::free(name);
    }
  }
  for (const std::string& name : names)
    if (const int number = seccomp_syscall_resolve_name_arch(token, name.c_str()); number >= 0)
      column[name] = number & ~static_cast<int>(kX32Bit);
  return column;
}

Column column_of_header(const char* path) {
  std::ifstream file(path);
  if (!file) {
    std::cerr << path << ": cannot be read\n";
    std::exit(1);
  }
  std::map<std::string, std::string> defines;  // asm-generic names some by way of __NR3264_*
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string define, name, number;
    words >> define >> name >> number;
    if (define == "#define" && !number.empty()) defines.emplace(name, number);
  }
  Column column;
  for (const auto& [name, text] : defines) {
    const auto through = defines.find(text);
    const std::string& number = through == defines.end() ? text : through->second;
    if (name.starts_with("__NR_") && std::isdigit(static_cast<unsigned char>(number[0])) != 0)
      column.emplace(name.substr(5), std::stol(number));
  }
  for (const char* pseudo : {"syscalls", "syscall_count", "arch_specific_syscall"}) column.erase(pseudo);
  return column;
}

std::uint16_t encoded(long number) {
  if (number >= 0x0f0000) return static_cast<std::uint16_t>(kArmPrivate + (number - 0x0f0000));
  return static_cast<std::uint16_t>(number);
}

// Where libseccomp knows a name, it knows on which of its architectures the call is.
void add_newer(std::map<SyscallColumn, Column>& columns, const std::set<std::string>& known) {
  for (auto& [id, column] : columns) {
    const bool from_header = id == SyscallColumn::Loongarch64 || id == SyscallColumn::M68k || id == SyscallColumn::Sh;
    for (const Newer& newer : kNewer)
      if (from_header || !known.contains(newer.name)) column.emplace(newer.name, newer.number + base_of(id));
    for (const NewerOnOne& newer : kNewerOnOne)
      if (newer.column == id) column.emplace(newer.name, newer.number);
  }
}

void print(const std::map<SyscallColumn, Column>& columns) {
  std::set<std::string> names;
  for (const auto& [id, column] : columns)
    for (const auto& [name, number] : column) names.insert(name);
  std::cout << "// Written by tools/generate_syscall_table.cpp; do not edit. Columns:\n// ";
  for (const char* name : kColumnNames) std::cout << ' ' << name;
  std::cout
      << "\n// clang-format off\n#include \"security/syscall_table.hpp\"\n\nnamespace caisson::security {\n\nnamespace {\n\n"
         "constexpr std::uint16_t o = kNoSyscall;\n\nconstexpr SyscallRow kRows[] = {\n";
  for (const std::string& name : names) {
    if (name.size() >= sizeof(SyscallRow::name)) {
      std::cerr << name << ": longer than SyscallRow::name\n";
      std::exit(1);
    }
    std::cout << "{\"" << name << "\",{";
    for (std::size_t c = 0; c < kSyscallColumns; ++c) {
      const Column& column = columns.at(static_cast<SyscallColumn>(c));
      const auto found = column.find(name);
      if (c != 0) std::cout << ',';
      if (found == column.end())
        std::cout << 'o';
      else
        std::cout << encoded(found->second);
    }
    std::cout << "}},\n";
  }
  std::cout << "};\n\n}  // namespace\n\nstd::span<const SyscallRow> syscall_rows() noexcept { return kRows; }\n\n"
               "}  // namespace caisson::security\n";
}

}  // namespace

int main(int argc, char** argv) {
  const std::set<std::string> names = names_of_libseccomp();
  std::map<SyscallColumn, Column> columns;
  for (const SeccompArchitectureInfo& info : seccomp_architectures()) {
    std::string lower;
    for (const char c : info.name.substr(10)) lower += static_cast<char>(std::tolower(c));
    if (const std::uint32_t token = seccomp_arch_resolve_name(lower.c_str()); token != 0)
      columns.emplace(info.column, column_of_libseccomp(token, base_of(info.column), names));
    for (int i = 1; i < argc; ++i) {
      const char* equals = std::strchr(argv[i], '=');
      if (equals != nullptr && lower == std::string(argv[i], static_cast<std::size_t>(equals - argv[i])))
        columns[info.column] = column_of_header(equals + 1);
    }
  }
  add_newer(columns, names);
  if (columns.size() != kSyscallColumns) {
    std::cerr << "no source for some architecture; see the head of tools/generate_syscall_table.cpp\n";
    return 1;
  }
  print(columns);
}
