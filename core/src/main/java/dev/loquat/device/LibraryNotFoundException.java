package dev.loquat.device;

/** The system's loader knows no native library of a name. */
final class LibraryNotFoundException extends Exception {
  private static final long serialVersionUID = 1L;

  LibraryNotFoundException(String library) {
    super(library + " not found");
  }
}
