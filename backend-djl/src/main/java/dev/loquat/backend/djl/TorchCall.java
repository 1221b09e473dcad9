package dev.loquat.backend.djl;

import ai.djl.engine.EngineException;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import java.util.ArrayList;
import java.util.List;

/** One call of a TorchScript method: its arguments in order, then one of the {@code run}s. */
final class TorchCall {
  private final PtSymbolBlock block;
  private final String method;
  private final List<IValue> arguments = new ArrayList<>();
  private final List<IValue> owned = new ArrayList<>();

  TorchCall(PtSymbolBlock block, String method) {
    this.block = block;
    this.method = method;
  }

  TorchCall with(long value) {
    return own(IValue.from(value));
  }

  TorchCall with(double value) {
    return own(IValue.from(value));
  }

  TorchCall with(boolean value) {
    return own(IValue.from(value));
  }

  TorchCall with(String value) {
    return own(IValue.from(value));
  }

  TorchCall with(long[] values) {
    return own(IValue.listFrom(values));
  }

  TorchCall with(double[] values) {
    return own(IValue.listFrom(values));
  }

  TorchCall with(PtNDArray array) {
    return own(IValue.from(array));
  }

  TorchCall with(PtNDArray[] arrays) {
    return own(IValue.listFrom(arrays));
  }

  /** Adds an argument that stays the caller's. */
  TorchCall lent(IValue value) {
    arguments.add(value);
    return this;
  }

  private TorchCall own(IValue value) {
    owned.add(value);
    arguments.add(value);
    return this;
  }

  /**
   * Runs the method.
   *
   * @return its result; the caller closes it
   * @throws dev.loquat.error.BackendException if PyTorch fails
   */
  IValue run() {
    try {
      return IValueUtils.runMethod(block, method, arguments.toArray(IValue[]::new));
    } catch (EngineException e) {
      throw TorchFailure.during(method, e);
    } finally {
      owned.forEach(IValue::close);
    }
  }

  void runForNothing() {
    run().close();
  }

  long runForLong() {
    try (IValue result = run()) {
      return result.toLong();
    }
  }

  double runForDouble() {
    try (IValue result = run()) {
      return result.toDouble();
    }
  }
}
