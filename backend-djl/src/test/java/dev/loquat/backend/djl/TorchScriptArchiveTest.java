package dev.loquat.backend.djl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

class TorchScriptArchiveTest {

  @Test
  void holdsTheProgramAndAnObjectOfItsClass() throws IOException {
    Map<String, byte[]> entries = unzip(TorchScriptArchive.write("Mini", "class Mini(Module):\n"));

    assertThat(entries)
        .containsOnlyKeys("m/data.pkl", "m/code/__torch__.py", "m/constants.pkl", "m/version");
    assertThat(new String(entries.get("m/code/__torch__.py"), StandardCharsets.UTF_8))
        .isEqualTo("class Mini(Module):\n");
    assertThat(HexFormat.of().formatHex(entries.get("m/data.pkl")))
        .isEqualTo("8002" + "635f5f746f7263685f5f0a4d696e690a" + "2981" + "4b00" + "622e");
    assertThat(HexFormat.of().formatHex(entries.get("m/constants.pkl"))).isEqualTo("8002292e");
  }

  @Test
  void writesTheSameBytesTwice() {
    assertThat(TorchScriptArchive.write("Mini", "class Mini(Module):\n"))
        .isEqualTo(TorchScriptArchive.write("Mini", "class Mini(Module):\n"));
  }

  private static Map<String, byte[]> unzip(byte[] archive) throws IOException {
    Map<String, byte[]> entries = new HashMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        entries.put(entry.getName(), zip.readAllBytes());
      }
    }
    return entries;
  }
}
