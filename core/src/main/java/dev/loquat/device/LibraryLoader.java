package dev.loquat.device;

/** Opens native libraries. */
@FunctionalInterface
interface LibraryLoader {

  /**
   * Opens a library.
   *
   * @param name its file name, such as "libcuda.so.1"; the system's loader searches for it
   * @return the open library
   * @throws LibraryNotFoundException if there is none of that name
   * @throws DriverException if there is one that can't be loaded
   */
  SharedLibrary load(String name) throws LibraryNotFoundException, DriverException;
}
