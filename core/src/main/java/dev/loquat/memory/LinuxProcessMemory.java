package dev.loquat.memory;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The resident set as {@code statm} of a process's folder counts it, in pages, whose size is entry
 * {@code AT_PAGESZ} of its auxiliary vector ({@code man 5 proc_pid_statm}, {@code man 3
 * getauxval}); its peak as {@code status} has it, in KiB.
 */
final class LinuxProcessMemory implements ProcessMemory {
  private static final long AT_PAGESZ = 6;
  private static final int STATM_BYTES = 256;

  private static final String PEAK = "VmHWM:";
  private static final int KIB = 1024;

  private final String statm;
  private final Path status;
  private final long pageBytes;

  LinuxProcessMemory(Path process) {
    statm = process.resolve("statm").toString();
    status = process.resolve("status");
    pageBytes = pageBytes(process.resolve("auxv"));
  }

  @Override
  public long residentBytes() {
    byte[] text = new byte[STATM_BYTES];
    try (FileInputStream file = new FileInputStream(statm)) {
      int length = Math.max(0, file.read(text));
      return bytes(new String(text, 0, length, StandardCharsets.ISO_8859_1).split(" ", 3));
    } catch (IOException | NumberFormatException e) {
      return MemoryReading.UNKNOWN;
    }
  }

  @Override
  public long peakBytes() {
    try (Stream<String> lines = Files.lines(status, StandardCharsets.ISO_8859_1)) {
      return lines
          .filter(line -> line.startsWith(PEAK))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIB)
          .findFirst()
          .orElse(MemoryReading.UNKNOWN);
    } catch (IOException | UncheckedIOException | NumberFormatException e) {
      return MemoryReading.UNKNOWN;
    }
  }

  // "size resident shared ...", all in pages
  private long bytes(String[] fields) {
    if (fields.length < 2 || pageBytes == MemoryReading.UNKNOWN) {
      return MemoryReading.UNKNOWN;
    }
    long pages = Long.parseLong(fields[1]);
    return pages < 0 ? MemoryReading.UNKNOWN : pages * pageBytes;
  }

  // Pairs of machine words: a type and its value, ended by type 0.
  private static long pageBytes(Path auxv) {
    try {
      ByteBuffer words = ByteBuffer.wrap(Files.readAllBytes(auxv)).order(ByteOrder.nativeOrder());
      for (long type = words.getLong(); type != 0; type = words.getLong()) {
        long value = words.getLong();
        if (type == AT_PAGESZ) {
          return value;
        }
      }
      return MemoryReading.UNKNOWN;
    } catch (IOException | BufferUnderflowException e) {
      return MemoryReading.UNKNOWN;
    }
  }
}
