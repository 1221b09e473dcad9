package dev.loquat.checkpoint.safetensors;

import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;

/**
 * Gives mapped memory back at once, where the JDK would wait for the garbage collector.
 *
 * <p>JDK 17 has no public way; {@code sun.misc.Unsafe.invokeCleaner} of the module {@code
 * jdk.unsupported} needs no flag. It is called by reflection since javac warns of every use.
 */
final class Mapping {

  private Mapping() {}

  /** Unmaps a buffer that nobody reads any more. */
  static void unmap(MappedByteBuffer buffer) {
    try {
      Class<?> unsafe = Class.forName("sun.misc.Unsafe");
      Field instance = unsafe.getDeclaredField("theUnsafe");
      instance.setAccessible(true);
      unsafe.getMethod("invokeCleaner", ByteBuffer.class).invoke(instance.get(null), buffer);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("This JDK can't unmap files; expected jdk.unsupported", e);
    }
  }
}
