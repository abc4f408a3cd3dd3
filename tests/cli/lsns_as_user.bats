#!/usr/bin/env bats
# The same as an ordinary user, who may look at his own processes only.
load ../lib/suite
load people
load lsns

setup() { people_setup; lsns_setup; }
teardown() { people_teardown; }

@test "the face accepts what lsns accepts, and answers the same" { answers_the_same; }
@test "columns, trees and JSON are those of lsns" { prints_the_same; }
