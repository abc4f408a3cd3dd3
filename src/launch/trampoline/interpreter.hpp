// execve says ENOENT both for a missing file and for a missing interpreter; people need to know which.
#pragma once

#include <stddef.h>

namespace caisson::launch {

// Whether the file exists but the loader (ELF) or the program of its #! line does not; its path goes to `name`.
bool find_missing_interpreter(const char* path, char* name, size_t size);

}  // namespace caisson::launch
