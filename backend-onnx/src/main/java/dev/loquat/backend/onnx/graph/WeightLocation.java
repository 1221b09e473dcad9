package dev.loquat.backend.onnx.graph;

import java.nio.file.Path;

/**
 * How a graph names weight files.
 *
 * @param folder a folder above all of them
 */
record WeightLocation(Path folder) {

  /** Where a file lies, seen from the folder, with forward slashes on every system. */
  String of(Path file) {
    return folder.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/");
  }
}
