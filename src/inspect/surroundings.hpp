// What a subject is told apart from: the caller itself, and the rest of the machine.
#pragma once

#include "inspect/inside_facts.hpp"
#include "inspect/machine.hpp"
#include "inspect/mount_tree.hpp"
#include "inspect/sections.hpp"
#include "inspect/subject.hpp"

namespace caisson::inspect {

struct Surroundings {
  InsideFacts callers;  // of the caller itself
  PeerGroups groups;    // of mounts, on the whole machine
  Machine machine;
};

// Looks only for what the wanted sections speak of. Fills in, too, which network namespace the other ends of the subject's
// devices are in.
Surroundings look_around(Subject& subject, Sections wanted);

}  // namespace caisson::inspect
