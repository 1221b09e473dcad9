package dev.loquat.quantization;

import java.io.IOException;
import java.nio.file.Path;

/** Opens new files of converted weights. */
@FunctionalInterface
interface NewFile {

  /** Opens a file that exists and is empty; the caller closes it. */
  FileStore open(Path path) throws IOException;
}
