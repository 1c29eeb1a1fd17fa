# One library per folder and one test program per mirrored tests folder.
# Sources are globbed with CONFIGURE_DEPENDS, so adding a model, format or channel is one new file.

# guyu_library(<target> <folder> LINKS <libs...>)
function(guyu_library target folder)
  cmake_parse_arguments(ARG "" "" "LINKS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cpp)
  if(NOT sources)
    file(WRITE ${PROJECT_BINARY_DIR}/generated/${target}_empty.cpp "")
    set(sources ${PROJECT_BINARY_DIR}/generated/${target}_empty.cpp)
  endif()
  add_library(${target} STATIC ${sources})
  target_link_libraries(${target} PUBLIC guyu_flags ${ARG_LINKS})
endfunction()

# guyu_test(<name> <tests folder> LINKS <libs...>): Boost.Test program of every *_test.cpp there and below, with the *_case.cpp that they share.
function(guyu_test name folder)
  if(NOT GUYU_BUILD_TESTS)
    return()
  endif()
  cmake_parse_arguments(ARG "" "TIMEOUT" "LINKS" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/${folder}/*_test.cpp
       ${PROJECT_SOURCE_DIR}/tests/${folder}/*_case.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(${name} ${sources} $<TARGET_OBJECTS:guyu_test_main>)
  target_link_libraries(${name} PRIVATE ${ARG_LINKS} guyu_test_support Boost::unit_test_framework)
  # Test code runs once: it is compiled a third faster, and what it tests is optimised all the same.
  target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O1>)
  add_test(NAME ${name} COMMAND ${name} --log_level=message WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT})
endfunction()
