package dev.loquat.backend.djl;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The file form of a TorchScript module: a zip with the program's text and a pickled object.
 *
 * <p>The module keeps no state in the archive. Its class has {@code __getstate__}, which returns an
 * int, and {@code __setstate__}, which sets every attribute; the pickle is an object of the class
 * with the state 0.
 */
final class TorchScriptArchive {
  private static final byte[] EMPTY_TUPLE_PICKLE = {(byte) 0x80, 2, ')', '.'};

  private TorchScriptArchive() {}

  /**
   * Writes an archive.
   *
   * @param module the name of the module's class in the program
   * @param program the TorchScript text
   * @return the archive's bytes
   */
  static byte[] write(String module, String program) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      add(zip, "m/data.pkl", pickle(module));
      add(zip, "m/code/__torch__.py", program.getBytes(StandardCharsets.UTF_8));
      add(zip, "m/constants.pkl", EMPTY_TUPLE_PICKLE);
      add(zip, "m/version", "10\n".getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void add(ZipOutputStream zip, String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTime(0);
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  /** Protocol 2: global class, empty tuple, NEWOBJ, the int 0, BUILD, STOP. */
  private static byte[] pickle(String module) {
    return ("\u0080\u0002c__torch__\n" + module + "\n)\u0081K\u0000b.")
        .getBytes(StandardCharsets.ISO_8859_1);
  }
}
