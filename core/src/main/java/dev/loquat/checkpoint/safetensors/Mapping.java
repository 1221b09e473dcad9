package dev.loquat.checkpoint.safetensors;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
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

  private static final int MADV_DONTNEED = 4; // sys/mman.h of Linux

  private Mapping() {}

  /**
   * Has the process hold no pages of a mapped file until they are read again; the system still has
   * them. Where there is no such call, nothing happens.
   */
  static void dropPages(MappedByteBuffer buffer) {
    if (Platform.isLinux() && buffer.capacity() > 0) {
      Pointer start = Native.getDirectBufferPointer(buffer);
      NativeLibrary.getProcess()
          .getFunction("madvise")
          .invokeInt(new Object[] {start, (long) buffer.capacity(), MADV_DONTNEED});
    }
  }

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
