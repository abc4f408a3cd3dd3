find_library(CAISSON_LIB_z libz.a REQUIRED)
target_link_libraries(unit_image PRIVATE ${CAISSON_LIB_z})  # what this program's own decoder is compared with
