package dev.loquat.device;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.nio.file.Path;
import java.util.List;

/**
 * Gathers memory that native code took into huge pages, so that a processor that reads all of it
 * again and again looks up fewer addresses.
 *
 * <p>Works on Linux 6.1 and later where transparent huge pages are not forbidden, else does
 * nothing. Memory stays where it is and what it is; only pages of 2 MiB that are nearly full are
 * gathered, so that hardly any is added. Used by one thread at a time; others may use the memory
 * meanwhile, or give it back.
 */
public final class HugePages {
  private static final Path ALLOWED = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");
  private static final Path SIZE = Path.of("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size");

  /** MADV_COLLAPSE of the kernel's mman-common.h. */
  private static final int COLLAPSE = 25;

  private static final int SMALL_PAGE = 4096;

  /** The share of a huge page's small pages that must be there: 7 of 8. */
  private static final double NEARLY_FULL = 0.875;

  private final long pageSize;
  private final List<AnonymousMapping> known;

  private HugePages(long pageSize, List<AnonymousMapping> known) {
    this.pageSize = pageSize;
    this.known = known;
  }

  /**
   * Notes what memory the process has now.
   *
   * @return gathers what comes after
   */
  public static HugePages now() {
    boolean allowed =
        Platform.isLinux()
            && SystemFile.line(ALLOWED, line -> !line.contains("[never]")).isPresent();
    long pageSize = allowed ? SystemFile.number(SIZE) : DeviceInfo.UNKNOWN;
    return new HugePages(pageSize, pageSize > SMALL_PAGE ? AnonymousMapping.all() : List.of());
  }

  /** Gathers the memory that came since. What the system refuses stays as it is. */
  public void gather() {
    if (pageSize <= SMALL_PAGE) {
      return;
    }
    try {
      NativeLibrary library = NativeLibrary.getProcess();
      gather(library.getFunction("mincore"), library.getFunction("madvise"));
    } catch (UnsatisfiedLinkError e) {
      return; // a C library without them
    }
  }

  private void gather(Function mincore, Function madvise) {
    for (AnonymousMapping mapping : AnonymousMapping.all()) {
      for (AnonymousMapping part : mapping.without(known)) {
        gather(part, mincore, madvise);
      }
    }
  }

  /** Neighbours are gathered by one call, for each has the system settle lists of all pages. */
  private void gather(AnonymousMapping part, Function mincore, Function madvise) {
    byte[] present = new byte[(int) (pageSize / SMALL_PAGE)];
    long first = (part.start() + pageSize - 1) / pageSize * pageSize;
    for (long page = first; page + pageSize <= part.end(); page += pageSize) {
      boolean told = mincore.invokeInt(new Object[] {new Pointer(page), pageSize, present}) == 0;
      if (!told || !isNearlyFull(present)) {
        gather(first, page, madvise);
        first = page + pageSize;
      }
    }
    gather(first, part.end() / pageSize * pageSize, madvise);
  }

  private static void gather(long start, long end, Function madvise) {
    if (start < end) {
      madvise.invokeInt(new Object[] {new Pointer(start), end - start, COLLAPSE});
    }
  }

  private static boolean isNearlyFull(byte[] present) {
    int count = 0;
    for (byte page : present) {
      count += page & 1;
    }
    return count >= NEARLY_FULL * present.length;
  }
}
