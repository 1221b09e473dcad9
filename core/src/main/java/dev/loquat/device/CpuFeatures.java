package dev.loquat.device;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** The processor's instruction sets that matter to matrix products, as Linux lists them. */
final class CpuFeatures {
  private static final Set<String> KNOWN =
      Set.of(
          "sse4_2",
          "f16c",
          "fma",
          "avx",
          "avx2",
          "avx_vnni",
          "avx512f",
          "avx512bw",
          "avx512vl",
          "avx512_vnni",
          "avx512_bf16",
          "avx512_fp16",
          "amx_tile",
          "amx_int8",
          "amx_bf16",
          "amx_fp16",
          "asimd",
          "asimdhp",
          "asimddp",
          "i8mm",
          "bf16",
          "sve",
          "sve2",
          "sme");

  private CpuFeatures() {}

  /** Those that the first processor has; none where nothing tells. */
  static List<String> of(Path root) {
    return SystemFile.line(root.resolve("proc/cpuinfo"), CpuFeatures::listsFeatures)
        .map(line -> line.substring(line.indexOf(':') + 1).strip().split("\\s+", -1))
        .map(names -> Arrays.stream(names).filter(KNOWN::contains).toList())
        .orElse(List.of());
  }

  // x86 has "flags", ARM "Features".
  private static boolean listsFeatures(String line) {
    return line.contains(":") && (line.startsWith("flags") || line.startsWith("Features"));
  }
}
