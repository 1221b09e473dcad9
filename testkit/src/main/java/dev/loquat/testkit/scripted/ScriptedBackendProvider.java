package dev.loquat.testkit.scripted;

import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.BackendProvider;
import dev.loquat.backend.Support;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.device.Device;
import dev.loquat.device.Precision;
import dev.loquat.error.DeviceUnavailableException;
import java.util.function.IntFunction;

/**
 * The backend "scripted": opens any checkpoint on the CPU and ignores its weights. For tests that
 * find their backend by a provider; others create a {@link ScriptedBackend} themselves.
 *
 * <p>The test kit does not register it as a service. Safe for use by several threads.
 */
public final class ScriptedBackendProvider implements BackendProvider {
  private final IntFunction<Script> script;
  private final StepHook hook;
  private final StepLog log = new StepLog();

  /** Creates a provider of backends that follow {@link Script#checksum}. */
  public ScriptedBackendProvider() {
    this(Script::checksum, StepHook.none());
  }

  /**
   * Creates a provider.
   *
   * @param script the script for a vocabulary size
   * @param hook what happens before each step; steps are counted over all backends
   */
  public ScriptedBackendProvider(IntFunction<Script> script, StepHook hook) {
    this.script = script;
    this.hook = hook;
  }

  /**
   * What all its backends were asked for.
   *
   * @return the log, which goes on
   */
  public StepLog log() {
    return log;
  }

  @Override
  public String name() {
    return "scripted";
  }

  /** The lowest: any other backend is the better choice. */
  @Override
  public int priority(Device device) {
    return Integer.MIN_VALUE;
  }

  @Override
  public Support supports(Device device) {
    return device.equals(Device.cpu())
        ? Support.yes()
        : Support.no("The scripted backend runs on cpu only, not on " + device);
  }

  @Override
  public Support supports(ModelConfig model, Device device, Precision precision) {
    return supports(device);
  }

  @Override
  public Backend open(Checkpoint checkpoint, BackendOptions options) {
    if (supports(options.device()) instanceof Support.Unsupported unsupported) {
      throw new DeviceUnavailableException(unsupported.reason() + "; choose cpu.");
    }
    requireCache(options);
    int vocabularySize = checkpoint.config().vocabularySize();
    return new ScriptedBackend(
        vocabularySize, options.precision(), script.apply(vocabularySize), hook, log);
  }
}
