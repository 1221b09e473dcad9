package dev.loquat.internal.worker;

import java.io.IOException;
import java.lang.System.Logger;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * The folder of one worker's process, which only this user can enter: for the socket until both
 * have met, and for the process's temporary files, which are left there if it is ended by force.
 *
 * @param path the folder
 */
record WorkerFolder(Path path) {
  private static final Logger LOGGER = System.getLogger(WorkerFolder.class.getName());

  /** Makes it; the caller deletes it once the process has ended. */
  static WorkerFolder create() throws IOException {
    return new WorkerFolder(Files.createTempDirectory("loquat-"));
  }

  /** Where the socket lies. */
  Path socket() {
    return path.resolve("worker");
  }

  /** Deletes it with all that is in it. What can't be deleted is logged. */
  void delete() {
    try {
      Files.walkFileTree(path, new Deletion());
    } catch (IOException e) {
      LOGGER.log(Logger.Level.WARNING, "Delete this folder, it is not needed: " + path, e);
    }
  }

  /** Does not follow links. What others delete meanwhile, such as the socket, is gone as well. */
  static final class Deletion extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (failure instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw failure;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
        throws IOException {
      if (failure != null) {
        throw failure;
      }
      Files.deleteIfExists(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
