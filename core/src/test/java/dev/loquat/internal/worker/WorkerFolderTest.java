package dev.loquat.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class WorkerFolderTest {

  @Test
  void deletesAllThatIsInIt() throws IOException {
    WorkerFolder folder = WorkerFolder.create();
    Files.createFile(folder.socket());
    Files.createFile(Files.createDirectory(folder.path().resolve("other")).resolve("file"));
    folder.delete();
    assertThat(folder.path()).doesNotExist();
    folder.delete();
  }

  @Test
  void goesOnWhereOthersHaveDeletedTheSocketMeanwhile() throws IOException {
    WorkerFolder folder = WorkerFolder.create();
    try {
      assertThat(
              new WorkerFolder.Deletion()
                  .visitFileFailed(folder.socket(), new NoSuchFileException("worker")))
          .isEqualTo(FileVisitResult.CONTINUE);
    } finally {
      folder.delete();
    }
  }

  @Test
  void tellsWhatCanNotBeDeleted() throws IOException {
    WorkerFolder folder = WorkerFolder.create();
    try {
      AccessDeniedException failure = new AccessDeniedException("worker");
      assertThatIOException()
          .isThrownBy(() -> new WorkerFolder.Deletion().visitFileFailed(folder.socket(), failure))
          .isSameAs(failure);
    } finally {
      folder.delete();
    }
  }
}
