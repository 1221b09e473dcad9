package dev.loquat.quantization;

import dev.loquat.device.ByteFormat;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder of a cache: one file for each set of converted weights, named by its key. A file's
 * time is when it was last used.
 *
 * <p>Several processes may share it: files appear whole, under their final name, and what two write
 * at once is the same.
 */
final class ConversionFolder {
  private static final String SUFFIX = ".blocks";
  private static final String UNFINISHED_SUFFIX = ".part";

  /** Files that may be in the hands of a process that is loading, or of one that is writing. */
  private static final Duration IN_USE = Duration.ofMinutes(1);

  private static final Duration ABANDONED = Duration.ofHours(6);

  private final ConversionCache.Folder cache;

  ConversionFolder(ConversionCache.Folder cache) {
    this.cache = cache;
  }

  /** The folder. */
  Path folder() {
    return cache.folder();
  }

  /** Fails where a file of so many bytes is larger than the cache may be. */
  void requireRoom(long bytes) throws IOException {
    if (bytes > cache.maxBytes()) {
      throw new IOException("the weights take more than its " + ByteFormat.text(cache.maxBytes()));
    }
  }

  /** Where weights with a key lie, if they are there. */
  Path file(byte[] key) {
    return cache.folder().resolve(HexFormat.of().formatHex(key) + SUFFIX);
  }

  /** A new file to be written, which {@link #keep} renames. */
  Path newFile() throws IOException {
    Files.createDirectories(cache.folder());
    return Files.createTempFile(cache.folder(), "", UNFINISHED_SUFFIX);
  }

  /** Gives a written file its final name. */
  Path keep(Path written, byte[] key) throws IOException {
    Path file = file(key);
    try {
      Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(written, file, StandardCopyOption.REPLACE_EXISTING);
    }
    return file;
  }

  /** Notes that a file is used now. */
  void touch(Path file) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
  }

  /** Removes what was used least recently, and what unfinished writers left, to make room. */
  void makeRoom(long bytes) throws IOException {
    if (!Files.isDirectory(cache.folder())) {
      return;
    }
    long kept = bytes;
    for (Entry entry : newestFirst()) {
      boolean old = entry.isOlderThan(entry.isUnfinished() ? ABANDONED : IN_USE);
      boolean unwanted = entry.isUnfinished() || kept + entry.bytes() > cache.maxBytes();
      if (old && unwanted) {
        Files.deleteIfExists(entry.file());
      } else {
        kept += entry.bytes();
      }
    }
  }

  private List<Entry> newestFirst() throws IOException {
    List<Entry> entries = new ArrayList<>();
    try (Stream<Path> files = Files.list(cache.folder())) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = file.getFileName().toString();
        if (name.endsWith(SUFFIX) || name.endsWith(UNFINISHED_SUFFIX)) {
          entries.add(Entry.of(file));
        }
      }
    }
    entries.sort(Comparator.comparing(Entry::used).reversed());
    return entries;
  }

  private record Entry(Path file, long bytes, Instant used) {
    static Entry of(Path file) throws IOException {
      return new Entry(file, Files.size(file), Files.getLastModifiedTime(file).toInstant());
    }

    boolean isUnfinished() {
      return file.toString().endsWith(UNFINISHED_SUFFIX);
    }

    boolean isOlderThan(Duration age) {
      return used.isBefore(Instant.now().minus(age));
    }
  }
}
