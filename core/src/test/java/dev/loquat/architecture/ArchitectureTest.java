package dev.loquat.architecture;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The directions between packages, as ARCHITECTURE.md draws them. */
class ArchitectureTest {
  private static final String ROOT = "dev.loquat";
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  /** Each package and the packages of Loquat that it may see. */
  private static final Map<String, List<String>> ROOMS =
      Map.ofEntries(
          Map.entry("error", List.of()),
          Map.entry("json", List.of()),
          Map.entry("device", List.of("error")),
          Map.entry("memory", List.of("error", "device")),
          Map.entry("tokenizer", List.of("error", "json")),
          Map.entry("constraint", List.of("error", "tokenizer")),
          Map.entry("chat", List.of("error", "json")),
          Map.entry("checkpoint", List.of("error", "generation", "json")),
          Map.entry("generation", List.of("error", "constraint")),
          Map.entry("sampling", List.of("error", "generation")),
          Map.entry("quantization", List.of("error", "checkpoint", "device")),
          Map.entry("backend", List.of("error", "checkpoint", "device", "memory", "quantization")),
          Map.entry("observation", List.of("generation", "memory")),
          Map.entry("diagnosis", List.of("error", "device", "backend")),
          Map.entry(
              "internal.diagnosis",
              List.of(
                  "error", "checkpoint", "device", "backend", "diagnosis", "internal.discovery")),
          Map.entry("internal.kvcache", List.of()),
          Map.entry("internal.scheduler", List.of("internal.kvcache", "backend", "generation")),
          Map.entry("internal.speculation", List.of("generation", "backend", "internal.kvcache")),
          Map.entry(
              "internal.engine",
              List.of(
                  "error",
                  "generation",
                  "sampling",
                  "constraint",
                  "tokenizer",
                  "memory",
                  "observation",
                  "backend",
                  "internal.kvcache",
                  "internal.scheduler",
                  "internal.speculation")),
          Map.entry(
              "internal.replica",
              List.of("error", "generation", "tokenizer", "observation", "internal.engine")),
          Map.entry(
              "internal.worker",
              List.of(
                  "error",
                  "constraint",
                  "device",
                  "generation",
                  "memory",
                  "observation",
                  "quantization",
                  "backend",
                  "internal.engine",
                  "internal.replica")),
          Map.entry(
              "internal.pipeline",
              List.of("checkpoint", "device", "memory", "quantization", "backend")),
          Map.entry("internal.discovery", List.of("error", "checkpoint", "device", "backend")),
          Map.entry(
              "internal.planning",
              List.of(
                  "error",
                  "checkpoint",
                  "device",
                  "quantization",
                  "backend",
                  "memory",
                  "internal.discovery")));

  static Stream<String> rooms() {
    return ROOMS.keySet().stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("rooms")
  void seesOnlyWhatItMay(String room) {
    assertThat(CLASSES.stream().filter(residesIn(room))).as("classes in %s", room).isNotEmpty();
    ArchRuleDefinition.noClasses()
        .that(residesIn(room))
        .should()
        .dependOnClassesThat(isForbiddenFor(room))
        .check(CLASSES);
  }

  @Test
  void everyPackageIsARoomOrTheDoor() {
    assertThat(CLASSES.stream().map(JavaClass::getPackageName).distinct())
        .hasSizeGreaterThan(ROOMS.size())
        .allMatch(name -> name.equals(ROOT) || ROOMS.keySet().stream().anyMatch(r -> in(name, r)));
  }

  @Test
  void roomsHaveNoCycles() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void onlyTheTokenizerUsesDjl() {
    ArchRuleDefinition.noClasses()
        .that(DescribedPredicate.not(residesIn("tokenizer")))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("ai.djl..")
        .check(CLASSES);
  }

  @Test
  void nothingPrints() {
    ArchRuleDefinition.noClasses()
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(CLASSES);
  }

  private static DescribedPredicate<JavaClass> residesIn(String room) {
    return DescribedPredicate.describe(
        "reside in " + room, type -> in(type.getPackageName(), room));
  }

  private static DescribedPredicate<JavaClass> isForbiddenFor(String room) {
    List<String> allowed = ROOMS.getOrDefault(room, List.of());
    return DescribedPredicate.describe(
        "are in Loquat, but not in " + allowed,
        type -> {
          String name = type.getPackageName();
          boolean ours = name.equals(ROOT) || name.startsWith(ROOT + ".");
          return ours && !in(name, room) && allowed.stream().noneMatch(other -> in(name, other));
        });
  }

  private static boolean in(String packageName, String room) {
    String whole = ROOT + "." + room;
    return packageName.equals(whole) || packageName.startsWith(whole + ".");
  }
}
