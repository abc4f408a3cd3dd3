# Lays the code that a start executes side by side (toolchain/startup_order.txt, written by bench/startup_order), before all
# others: their pages are read, mapped and looked up at a third of the cost. The list is about the shipped build, musl and GNU ld;
# a section that is no longer there, or that another compiler spells otherwise, changes nothing.
set(startup_order ${CMAKE_SOURCE_DIR}/toolchain/startup_order.txt)
set(startup_order_script ${CMAKE_BINARY_DIR}/startup_order.ld)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${startup_order})
file(STRINGS ${startup_order} startup_sections)
list(JOIN startup_sections "\n" startup_sections)
file(CONFIGURE OUTPUT ${startup_order_script} CONTENT "SECTIONS {\n.text.of_start : {\n${startup_sections}\n}\n} INSERT BEFORE .text;\n" @ONLY)

# order_functions(TARGET)
function(order_functions target)
  target_link_options(${target} PRIVATE -Wl,-T,${startup_order_script})
  set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS ${startup_order_script})
endfunction()
