package dev.loquat.memory;

/**
 * What the process itself takes of the machine's memory, whatever the device, in bytes, each 0 or
 * more.
 *
 * @param processBytes what it holds already: the JVM, the application, native libraries; 0 if the
 *     system doesn't tell
 * @param runtimeBytes what comes to it with a model: its tokenizer, the code that runs it, the Java
 *     heap of its requests
 * @param mappedWhileLoading pages of the checkpoint's files that are read while loading
 * @param mappedInSteps pages of the checkpoint's files that steps read. The system can drop mapped
 *     pages where memory is short
 */
public record HostShare(
    long processBytes, long runtimeBytes, long mappedWhileLoading, long mappedInSteps) {

  /** Checks the numbers. */
  public HostShare {
    NonNegative.require("processBytes", processBytes);
    NonNegative.require("runtimeBytes", runtimeBytes);
    NonNegative.require("mappedWhileLoading", mappedWhileLoading);
    NonNegative.require("mappedInSteps", mappedInSteps);
  }
}
