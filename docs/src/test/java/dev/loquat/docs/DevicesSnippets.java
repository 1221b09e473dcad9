package dev.loquat.docs;

import dev.loquat.DeviceReport;
import dev.loquat.Devices;
import dev.loquat.Loquat;
import dev.loquat.Model;
import dev.loquat.ModelLoader;
import dev.loquat.backend.Support;
import dev.loquat.device.BeyondRange;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceDiscovery;
import dev.loquat.device.DeviceMap;
import dev.loquat.device.EffectivePrecision;
import dev.loquat.device.LayerSpan;
import dev.loquat.device.Precision;
import dev.loquat.diagnosis.DoctorReport;
import dev.loquat.diagnosis.Verification;
import dev.loquat.memory.MemoryOwner;
import dev.loquat.memory.MemoryPhase;
import dev.loquat.memory.MemoryPlan;
import dev.loquat.memory.MemoryProbe;
import dev.loquat.memory.MemoryWatch;
import dev.loquat.memory.OutOfMemoryPolicy;
import dev.loquat.memory.OutOfMemoryRung;
import dev.loquat.observation.EngineListener;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** docs/guide/devices-and-precision.md. */
final class DevicesSnippets {

  private DevicesSnippets() {}

  static void list() {
    System.out.print(Loquat.devices().table());
  }

  static void inspect() {
    Devices devices = Loquat.devices();
    for (DeviceReport report : devices.found()) {
      Support onnx = report.backends().getOrDefault("onnx", Support.no("not on the path"));
      System.out.println(report.info().device() + ": " + onnx);
    }
    devices.absent().forEach(kind -> System.out.println(kind.kind() + ": " + kind.reason()));
  }

  static void doctor() {
    DoctorReport report = Loquat.doctor();
    System.out.println(report.text());
    System.out.println(report.json());
  }

  static void verify() {
    for (Verification verification : Loquat.verify(Device.cpu())) {
      if (verification instanceof Verification.Computed computed) {
        System.out.println(computed.backend() + " differs by " + computed.maxDifference());
      }
      verification.requireRight();
    }
  }

  static void details(Devices devices) {
    for (DeviceReport report : devices.found()) {
      DeviceDiscovery.details(report.info().device()).ifPresent(System.out::println);
    }
  }

  static void choose(Path folder) {
    try (Model best = Loquat.model(folder).onDevice().load();
        Model second = Loquat.model(folder).onDevice(Device.cuda(1)).backend("onnx").load()) {
      System.out.println(best.info().device() + " and " + second.info().device());
    }
  }

  static void spread(Path folder) {
    DeviceMap map =
        DeviceMap.auto(Device.cpu(0), Device.cpu(1))
            .limit(Device.cpu(0), 3L << 30)
            .limit(Device.cpu(1), 1L << 30);
    ModelLoader loader = Loquat.model(folder).onDevices(map);
    System.out.println(loader.plan());
    try (Model model = loader.load()) {
      System.out.println(model.generator().generate("What is machine learning?").text());
    }
  }

  static void byHand(Path folder) {
    DeviceMap map =
        DeviceMap.manual(
            Map.of(LayerSpan.of(0, 20), Device.cuda(0), LayerSpan.of(20, 30), Device.cpu()));
    try (Model model = Loquat.model(folder).onDevices(map).load()) {
      System.out.println(model.info().stages());
    }
  }

  static void offload(Path folder) {
    DeviceMap map = DeviceMap.auto().offloadToDisk();
    System.out.println(Loquat.model(folder).onDevices(map).plan());
  }

  static void lanes(Path folder) {
    DeviceMap map = DeviceMap.balanced(Device.cuda(0), Device.cuda(1)).lanes(2);
    try (Model model = Loquat.model(folder).onDevices(map).batch(16).load()) {
      System.out.println(model.info().batch());
    }
  }

  static void precision(Path folder) {
    try (Model model = Loquat.model(folder).withPrecision(Precision.BF16).load()) {
      EffectivePrecision precision = model.info().precision();
      System.out.println("requested " + precision.requested());
      System.out.println("weights in " + precision.storage());
      System.out.println("products in " + precision.compute());
      System.out.println(precision.reason());
    }
  }

  static void auto(Path folder) {
    try (Model model = Loquat.model(folder).withPrecision(Precision.AUTO).load()) {
      EffectivePrecision precision = model.info().precision();
      System.out.println(precision.requested() + " became " + precision.storage());
      System.out.println(precision.reason());
      precision.wider().forEach(weights -> System.out.println("wider: " + weights));
    }
  }

  static List<Model> halves(Path folder) {
    Model pure =
        Loquat.model(folder).withPrecision(Precision.BF16).backend("djl").pureHalf().load();
    Model wide =
        Loquat.model(folder).withPrecision(Precision.FP16).beyondRange(BeyondRange.WIDEN).load();
    return List.of(pure, wide);
  }

  static void plan(Path folder) {
    MemoryPlan plan = Loquat.model(folder).batch(8).contextLength(2048).plan();
    System.out.println(plan.table());
    if (!plan.fits()) {
      System.out.println("at most batch " + plan.largestBatch() + "; " + plan.remedy());
    }
  }

  static void limit(Path folder) {
    try (Model small = Loquat.model(folder).memoryLimit(1_000_000_000).load()) {
      System.out.println(small.info().batch() + " at once");
    }
  }

  static Model ladder(Path folder, EngineListener listener) {
    return Loquat.model(folder)
        .batch(8)
        .memoryLimit(1_000_000_000)
        .onOutOfMemory(
            OutOfMemoryPolicy.tryInOrder(
                OutOfMemoryRung.FREE_CACHES,
                OutOfMemoryRung.SMALLER_BATCH,
                OutOfMemoryRung.HALF_PRECISION,
                OutOfMemoryRung.QUANTIZE,
                OutOfMemoryRung.smallerModel("classpath:dev/loquat/models/tiny"),
                OutOfMemoryRung.OTHER_DEVICE))
        .onEvents(listener)
        .load();
  }

  static void memory(Model model) {
    System.out.print(model.memory().table());
    model.emptyCache();
  }

  static void memoryAt(Model model) {
    MemoryProbe probe = model.memory();
    probe
        .at(MemoryPhase.AFTER_GENERATE)
        .map(reading -> reading.owned().bytes(MemoryOwner.KV_CACHE))
        .ifPresent(bytes -> System.out.println("keys and values: " + bytes));
    probe
        .peak(MemoryPhase.AFTER_LOAD)
        .ifPresent(peak -> System.out.println("while loading: " + peak.processBytes()));
    System.out.println(probe.json());
  }

  static void watch(Model model) {
    MemoryWatch watch =
        model.watchMemory(
            Duration.ofSeconds(1), reading -> System.out.println(reading.processBytes()));
    model.generator().generate("What is machine learning?");
    watch.close();
  }

  static void leaks(Path folder) {
    Model model = Loquat.model(folder).load();
    model.close();
    model.memory().leaks().filter(left -> !left.isClean()).ifPresent(System.out::println);
  }
}
