// What a container has written, on disk: `layer` beside its record, from its first start until it is removed, so that a later
// start goes on with it. Containers that go at their end have none, since what they write is in memory (mount::HostView),
// unless memory cannot hold all that an overlay writes. Its files belong to the ids of the container.
#pragma once

#include <string>

#include "life/store.hpp"
#include "lifecycle/new_container.hpp"

namespace caisson::life {

// Whether what the container writes belongs on the disk.
bool needs_disk(const Record& record);
// The wish then says where it is. Nothing for a root that is a directory of the host. The lock of the entry must be held.
// Throws Error: no overlay can write there; it is gone, though the container has one.
void give_layer(Entry& entry, lifecycle::ContainerWish& wish);
std::string layer_path(const Entry& entry);
std::string layer_path(const std::string& directory);  // of the container
// Throws Error{State} when somebody took it away.
sys::UniqueFd open_layer(const Entry& entry);

// Also that of a container whose record is gone. directory: in which the record is, or was.
void remove_layer(sys::BorrowedFd directory, const std::string& path);

// Pure. The name of a file system, by its magic number, in which overlays cannot write; empty: it may be one.
std::string_view unfit_for_layers(long magic) noexcept;

}  // namespace caisson::life
