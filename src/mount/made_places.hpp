// What a view of files holds before the program of its container begins: parents of mount points, mount points, a working
// directory that was missing. They are noted beside what the container writes (HostView::stage), so that whoever asks what it
// has changed can leave out what it has not touched since.
#pragma once

#include <string>
#include <vector>

#include "sys/fd.hpp"

namespace caisson::mount {

// In the child, when everything is made. Nothing in a stage that has it noted from an earlier run: by now what is there may be
// the container's.
void note_made_places(sys::BorrowedFd stage);

// Names below the stage, "upper/root/srv/www", sorted: directories and empty files of the note with the owner and mode that
// they were made with, in which there is nothing else. In the user namespace of the container, or ids are others.
std::vector<std::string> untouched_places(sys::BorrowedFd stage);

}  // namespace caisson::mount
