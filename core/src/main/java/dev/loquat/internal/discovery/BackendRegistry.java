package dev.loquat.internal.discovery;

import dev.loquat.backend.BackendProvider;
import dev.loquat.backend.Support;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceInfo;
import dev.loquat.device.Precision;
import dev.loquat.error.BackendUnavailableException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The backends on the path, and which of them runs a model.
 *
 * <p>The choice is the same every time: the best device first (GPUs before the CPU, the one with
 * the most free memory among equals), on it the backend with the highest priority, the first by
 * name among equals. Immutable.
 */
public final class BackendRegistry {
  private static final Map<String, String> ARTIFACTS =
      new TreeMap<>(
          Map.of(
              "onnx", "dev.loquat:loquat-backend-onnx (ONNX Runtime: CPU, CUDA)",
              "djl", "dev.loquat:loquat-backend-djl (PyTorch: CPU, CUDA, ROCm, Apple MPS)"));

  private final List<BackendProvider> providers;
  private final List<String> broken;

  BackendRegistry(List<BackendProvider> providers, List<String> broken) {
    this.providers = List.copyOf(providers);
    this.broken = List.copyOf(broken);
    requireDistinctNames();
  }

  /**
   * Looks for backends with the thread's context class loader.
   *
   * @return all that are on the path
   * @throws BackendUnavailableException if two have the same name
   */
  public static BackendRegistry load() {
    List<BackendProvider> providers = new ArrayList<>();
    List<String> broken = new ArrayList<>();
    var services = ServiceLoader.load(BackendProvider.class).iterator();
    while (true) {
      try {
        if (!services.hasNext()) {
          return new BackendRegistry(providers, broken);
        }
        providers.add(services.next());
      } catch (ServiceConfigurationError | LinkageError e) {
        broken.add(String.valueOf(e.getMessage()));
      }
    }
  }

  /**
   * What each backend says of a device.
   *
   * @param device the device
   * @return the answers by the backend's name, in the order of names
   */
  public Map<String, Support> supports(Device device) {
    Map<String, Support> answers = new TreeMap<>();
    providers.forEach(provider -> answers.put(provider.name(), Answer.of(provider, device)));
    return answers;
  }

  /**
   * Whether a backend can run a model on a device.
   *
   * @param provider the backend
   * @param model the model
   * @param device the device
   * @param precision the precision, never AUTO
   * @return its answer; a no if it can't even answer
   */
  public static Support supports(
      BackendProvider provider, ModelConfig model, Device device, Precision precision) {
    return Answer.of(provider, model, device, precision);
  }

  /**
   * Whether a backend can run a model on a device and hold keys and values as asked for.
   *
   * @param provider the backend
   * @param model the model
   * @param device the device
   * @param precision the precision, never AUTO
   * @param cache what keys and values shall be held in; {@link Precision#AUTO} for any
   * @return its answer; a no if it can't even answer
   */
  public static Support supports(
      BackendProvider provider,
      ModelConfig model,
      Device device,
      Precision precision,
      Precision cache) {
    return Answer.of(provider, model, device, precision, cache);
  }

  /**
   * The backends on the path.
   *
   * @return in the order of their names
   */
  public List<BackendProvider> providers() {
    return providers.stream().sorted(Comparator.comparing(BackendProvider::name)).toList();
  }

  /**
   * Loquat's own backends that are not on the path.
   *
   * @return the artifact that brings each, by the backend's name
   */
  public Map<String, String> missing() {
    Map<String, String> missing = new TreeMap<>(ARTIFACTS);
    providers.forEach(provider -> missing.remove(provider.name()));
    return missing;
  }

  /**
   * Chooses a backend and a device.
   *
   * @param query what the model needs
   * @return the choice
   * @throws dev.loquat.error.DeviceUnavailableException if the device demanded is not on this
   *     machine
   * @throws BackendUnavailableException if no backend fits; the message says why each doesn't
   */
  public BackendChoice choose(BackendQuery query) {
    List<BackendProvider> candidates = named(query);
    List<String> refusals = new ArrayList<>();
    for (Device device : devices(query)) {
      for (BackendProvider provider : byPriority(candidates, device)) {
        if (Answer.of(provider, device, query) instanceof Support.Unsupported no) {
          refusals.add("  " + provider.name() + " on " + device + ": " + no.reason());
        } else {
          return new BackendChoice(provider, device);
        }
      }
    }
    throw noneFits(query, refusals);
  }

  /** The backend that a choice asks first, if that is known before the machine is. */
  Optional<BackendProvider> firstAsked(Optional<String> backend, Optional<Device> device) {
    List<BackendProvider> candidates =
        providers.stream()
            .filter(provider -> backend.map(provider.name()::equals).orElse(true))
            .toList();
    return device
        .flatMap(demanded -> byPriority(candidates, demanded).stream().findFirst())
        .or(() -> candidates.size() == 1 ? Optional.of(candidates.get(0)) : Optional.empty());
  }

  /**
   * Every device that some backend can run the model on, with the backend that is best there.
   * Whether a device was demanded does not matter; whether a backend was, does.
   *
   * @param query what the model needs
   * @return the best device first
   */
  public List<BackendChoice> everywhere(BackendQuery query) {
    List<BackendChoice> choices = new ArrayList<>();
    for (Device device : preferred(query)) {
      byPriority(named(query), device).stream()
          .filter(provider -> Answer.of(provider, device, query) instanceof Support.Supported)
          .findFirst()
          .ifPresent(provider -> choices.add(new BackendChoice(provider, device)));
    }
    return choices;
  }

  private static List<BackendProvider> byPriority(List<BackendProvider> all, Device device) {
    return all.stream()
        .sorted(
            Comparator.comparingInt((BackendProvider provider) -> -provider.priority(device))
                .thenComparing(BackendProvider::name))
        .toList();
  }

  private static List<Device> preferred(BackendQuery query) {
    return query.machine().found().stream()
        .sorted(
            Comparator.comparing((DeviceInfo info) -> DevicePreference.rank(info.device()))
                .thenComparing(Comparator.comparingLong(DeviceInfo::freeBytes).reversed())
                .thenComparing(info -> info.device().index()))
        .map(DeviceInfo::device)
        .toList();
  }

  private static List<Device> devices(BackendQuery query) {
    if (query.device().isEmpty()) {
      return preferred(query);
    }
    return List.of(query.machine().require(query.device().get()).device());
  }

  private List<BackendProvider> named(BackendQuery query) {
    if (providers.isEmpty()) {
      throw new BackendUnavailableException(
          "No backend is on the path"
              + brokenList()
              + ". Add one of the dependencies "
              + missingArtifacts());
    }
    if (query.backend().isEmpty()) {
      return providers;
    }
    String name = query.backend().get();
    List<BackendProvider> match =
        providers.stream().filter(provider -> provider.name().equals(name)).toList();
    if (match.isEmpty()) {
      throw unknownName(name);
    }
    return match;
  }

  private BackendUnavailableException unknownName(String name) {
    return new BackendUnavailableException(
        "No backend is named '"
            + name
            + "'. On the path: "
            + names()
            + brokenList()
            + "."
            + remedy(name));
  }

  private String remedy(String name) {
    String lowerCase = name.toLowerCase(Locale.ROOT);
    boolean present = providers.stream().anyMatch(provider -> provider.name().equals(lowerCase));
    if (present) {
      return " Names are in lower case: choose '" + lowerCase + "'.";
    }
    return ARTIFACTS.containsKey(lowerCase)
        ? " Add the dependency " + ARTIFACTS.get(lowerCase) + "."
        : " Choose one of these, or add the artifact that brings it.";
  }

  private BackendUnavailableException noneFits(BackendQuery query, List<String> refusals) {
    String rest = missing().isEmpty() ? "" : "\nNot on the path: " + missingArtifacts();
    return new BackendUnavailableException(
        "No backend can run this "
            + query.model().modelType()
            + " model in "
            + query.precision()
            + (query.pureHalf() ? " throughout" : "")
            + (query.cachePrecision() == Precision.AUTO
                ? ""
                : " with a KV cache in " + query.cachePrecision())
            + ":\n"
            + String.join("\n", refusals)
            + brokenList()
            + rest);
  }

  private void requireDistinctNames() {
    Map<String, List<BackendProvider>> byName =
        providers.stream().collect(Collectors.groupingBy(BackendProvider::name));
    byName.forEach(
        (name, same) -> {
          if (same.size() > 1) {
            throw new BackendUnavailableException(
                "Two backends are named '"
                    + name
                    + "': "
                    + classes(same)
                    + ". Remove one of them from the path.");
          }
        });
  }

  private static String classes(List<BackendProvider> providers) {
    return providers.stream()
        .map(provider -> provider.getClass().getName())
        .sorted()
        .collect(Collectors.joining(" and "));
  }

  private String names() {
    return providers.stream().map(BackendProvider::name).sorted().collect(Collectors.joining(", "));
  }

  private String missingArtifacts() {
    return String.join(" or ", missing().values());
  }

  private String brokenList() {
    return broken.isEmpty() ? "" : " (failed to load: " + String.join("; ", broken) + ")";
  }
}
