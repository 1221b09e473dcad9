package dev.loquat.backend.djl;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtEngine;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A loaded TorchScript module and the arrays that go in and out of it.
 *
 * <p>Confined: used by one thread at a time.
 */
final class TorchModule implements AutoCloseable {
  private final PtNDManager arrays;
  private final PtSymbolBlock block;

  private TorchModule(PtNDManager arrays, PtSymbolBlock block) {
    this.arrays = arrays;
    this.block = block;
  }

  /**
   * Loads the class {@code name} of a program. PyTorch must be loaded.
   *
   * @throws dev.loquat.error.BackendException if the program does not compile, as where an operator
   *     is missing
   */
  static TorchModule load(String name, String program) {
    byte[] archive = TorchScriptArchive.write(name, program);
    PtNDManager arrays =
        (PtNDManager) NDManager.newBaseManager(ai.djl.Device.cpu(), PtEngine.ENGINE_NAME);
    try {
      PtSymbolBlock block =
          JniUtils.loadModule(arrays, new ByteArrayInputStream(archive), false, false);
      return new TorchModule(arrays, block);
    } catch (EngineException e) {
      arrays.close();
      throw TorchFailure.during("load", e);
    } catch (IOException e) {
      arrays.close();
      throw new UncheckedIOException(e);
    } catch (RuntimeException | Error e) {
      arrays.close();
      throw e;
    }
  }

  /** The owner of arrays that live on the Java side. */
  PtNDManager arrays() {
    return arrays;
  }

  /** Starts a call of one of the module's methods. */
  TorchCall call(String method) {
    return new TorchCall(block, method);
  }

  @Override
  public void close() {
    arrays.close();
  }
}
