// The report of `caisson ns show`: one process, container or namespace, in plain words or as JSON. Pure.
#pragma once

#include <string>

#include "inspect/fact_writer.hpp"
#include "inspect/rows.hpp"
#include "inspect/subject.hpp"
#include "inspect/surroundings.hpp"

namespace caisson::inspect {

// Of a namespace alone only what sections_of() its kind says.
std::string show_text(const Subject& subject, const Surroundings& around, Sections sections);
// The shape is that of caisson-ns(1).
std::string show_json(const Subject& subject, const Surroundings& around, Sections sections);

// The part of both that is about a namespace alone: owner, parent, members, how it is held.
Rows lone_rows(const Subject& subject, const Machine& machine);
void write_lone(FactWriter& out, const Subject& subject, const Machine& machine);

}  // namespace caisson::inspect
