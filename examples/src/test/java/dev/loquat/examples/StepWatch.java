package dev.loquat.examples;

import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.BackendProvider;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.MemoryEstimate;
import dev.loquat.backend.PlannedUse;
import dev.loquat.backend.Support;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.device.Device;
import dev.loquat.device.Precision;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicInteger;

/** ONNX Runtime under another name, with a note of how many sequences shared a step. */
public final class StepWatch implements BackendProvider {
  static final String NAME = "watched";

  /** Static, since the service loader makes the provider. */
  static final AtomicInteger WIDEST_STEP = new AtomicInteger();

  /** Created by the service loader. */
  public StepWatch() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int priority(Device device) {
    return Integer.MIN_VALUE;
  }

  @Override
  public Support supports(Device device) {
    return onnx().supports(device);
  }

  @Override
  public Support supports(ModelConfig model, Device device, Precision precision) {
    return onnx().supports(model, device, precision);
  }

  @Override
  public MemoryEstimate estimate(Checkpoint checkpoint, BackendOptions options, PlannedUse use) {
    return onnx().estimate(checkpoint, options, use);
  }

  @Override
  public Backend open(Checkpoint checkpoint, BackendOptions options) {
    return watch(Backend.class, onnx().open(checkpoint, options));
  }

  private static BackendProvider onnx() {
    return ServiceLoader.load(BackendProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(provider -> provider.name().equals("onnx"))
        .findFirst()
        .orElseThrow();
  }

  private static <T> T watch(Class<T> type, T real) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> call(real, method, arguments)));
  }

  private static Object call(Object real, Method method, Object[] arguments) throws Throwable {
    if (arguments != null && arguments[0] instanceof ForwardBatch batch) {
      WIDEST_STEP.accumulateAndGet(batch.rows().size(), Math::max);
    }
    try {
      Object result = method.invoke(real, arguments);
      return result instanceof DecoderSession session
          ? watch(DecoderSession.class, session)
          : result;
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
