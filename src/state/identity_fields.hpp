// How an Identity stands in the records on disk.
#pragma once

#include "json/fields.hpp"
#include "state/identity.hpp"

namespace caisson::state {

template <class Fields, json::same_struct<Identity> I>
void visit_fields(Fields& fields, I& identity) {
  fields.required("pid", identity.pid);
  fields.optional("pidfdInode", identity.inode);
  fields.optional("startTime", identity.start_time);
  fields.required("bootId", identity.boot_id);
}

}  // namespace caisson::state
