package dev.loquat.device;

/** The functions of one native library. */
@FunctionalInterface
interface SharedLibrary {

  /**
   * Calls a C function that returns an {@code int}.
   *
   * @param function its exported name
   * @param arguments numbers, strings, arrays and JNA references, in the order of its C declaration
   * @return what it returned
   * @throws DriverException if the library has no such function
   */
  int call(String function, Object... arguments) throws DriverException;
}
