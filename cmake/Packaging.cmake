# What `make install` and `make package` put where. The programs install themselves (Modules.cmake); nothing needs a library.
file(GLOB manual_pages CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/man/*.[1-8])
foreach(page ${manual_pages})
  string(REGEX MATCH "[1-8]$" section ${page})
  install(FILES ${page} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section})
endforeach()

# Shells find a completion by the name of the command: caisson.bash -> caisson, _caisson and caisson.fish as they are.
file(GLOB completions CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/completions/*.bash)
foreach(completion ${completions})
  cmake_path(GET completion STEM command)
  install(FILES ${completion} DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME ${command})
endforeach()
file(GLOB completions CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/completions/_*)
install(FILES ${completions} DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
file(GLOB completions CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/completions/*.fish)
install(FILES ${completions} DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)

install(FILES ${CMAKE_SOURCE_DIR}/README.md ${CMAKE_SOURCE_DIR}/CHANGELOG.md ${CMAKE_SOURCE_DIR}/SECURITY.md
        DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES ${CMAKE_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME caisson)
set(CPACK_PACKAGE_VENDOR "the caisson maintainers")
set(CPACK_PACKAGE_CONTACT "the caisson maintainers <maintainers@caisson.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "caisson-oci is an OCI container runtime, a drop-in for runc and crun.\n caisson makes, enters, shows and explains namespaces and runs a container\n in a throw-away view of this machine's own root.")
# Both programs are static: no dependency. newuidmap and newgidmap give an ordinary user ranges of ids.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS uidmap)
include(CPack)
