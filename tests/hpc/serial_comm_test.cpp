#include "hpc/parallel/serial_comm.h"

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <stdexcept>

using namespace guyu;

BOOST_AUTO_TEST_SUITE(serial_comm)

BOOST_AUTO_TEST_CASE(a_process_alone_gets_back_what_it_sends_in_order) {
  SerialComm comm;
  BOOST_TEST(comm.rank() == 0);
  BOOST_TEST(comm.size() == 1);
  BOOST_TEST(!comm.poll().has_value());
  comm.send(0, "first");
  comm.send(0, "");
  comm.send(0, std::string("with\0zero", 9));
  BOOST_TEST(comm.receive().bytes == "first");
  BOOST_TEST(comm.receive().bytes.empty());
  BOOST_TEST(comm.poll()->bytes.size() == 9U);
  BOOST_CHECK_THROW(comm.receive(), std::logic_error);
  BOOST_CHECK_THROW(comm.send(1, "nobody"), std::logic_error);
  std::string bytes = "stays";
  comm.broadcast(bytes);
  BOOST_TEST(bytes == "stays");
}

BOOST_AUTO_TEST_CASE(a_launcher_is_known_by_what_it_puts_into_the_environment_and_a_batch_script_is_none) {
  for (const char* name : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "PMIX_RANK", "SLURM_STEP_NUM_TASKS"}) ::unsetenv(name);
  BOOST_TEST(launched_ranks() == 1);
  ::setenv("SLURM_STEP_NUM_TASKS", "4", 1);
  BOOST_TEST(launched_ranks() == 1);
  ::setenv("PMIX_RANK", "2", 1);
  BOOST_TEST(launched_ranks() == 4);
  ::unsetenv("PMIX_RANK"), ::unsetenv("SLURM_STEP_NUM_TASKS");
  ::setenv("OMPI_COMM_WORLD_SIZE", "3", 1);
  BOOST_TEST(launched_ranks() == 3);
  ::unsetenv("OMPI_COMM_WORLD_SIZE");
}

BOOST_AUTO_TEST_SUITE_END()
