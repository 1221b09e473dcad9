package dev.loquat.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A range of the process's own writable memory that is no file.
 *
 * @param start its first address
 * @param end the address behind its last
 */
record AnonymousMapping(long start, long end) {
  private static final Path MAPS = Path.of("/proc/self/maps");

  /** All there are, by address; empty where the system does not tell. */
  static List<AnonymousMapping> all() {
    List<AnonymousMapping> mappings = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(MAPS)) {
        // start-end permissions offset device inode [name]
        String[] fields = line.split("\\s+", 6);
        boolean named = fields.length > 5 && !List.of("", "[heap]").contains(fields[5]);
        if (fields[1].equals("rw-p") && fields[4].equals("0") && !named) {
          int dash = line.indexOf('-');
          mappings.add(
              new AnonymousMapping(
                  Long.parseUnsignedLong(line, 0, dash, 16),
                  Long.parseUnsignedLong(line, dash + 1, line.indexOf(' '), 16)));
        }
      }
    } catch (IOException e) {
      return List.of();
    }
    return mappings;
  }

  /** What is left of this when others, in the order of their addresses, are taken away. */
  List<AnonymousMapping> without(List<AnonymousMapping> others) {
    List<AnonymousMapping> rest = new ArrayList<>();
    long from = start;
    for (AnonymousMapping other : others) {
      if (other.end > from && other.start < end) {
        if (other.start > from) {
          rest.add(new AnonymousMapping(from, other.start));
        }
        from = other.end;
      }
    }
    if (from < end) {
      rest.add(new AnonymousMapping(from, end));
    }
    return rest;
  }
}
