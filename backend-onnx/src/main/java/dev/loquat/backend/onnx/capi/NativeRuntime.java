package dev.loquat.backend.onnx.capi;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The runtime's C API. Failures come as the Java API's exceptions, in the runtime's words.
 *
 * <p>Safe for use by several threads; sessions and what they make are not.
 */
public final class NativeRuntime {
  private final Map<ApiFunction, Function> functions = new EnumMap<>(ApiFunction.class);
  private final Field sessionHandle;
  private final AtomicInteger openHandles = new AtomicInteger();

  private NativeRuntime(Pointer table, Field sessionHandle) {
    for (ApiFunction function : ApiFunction.values()) {
      long offset = (long) function.place() * Native.POINTER_SIZE;
      functions.put(function, Function.getFunction(table.getPointer(offset)));
    }
    this.sessionHandle = sessionHandle;
  }

  /**
   * Looks for the C API behind the Java API, which must have been started. The caller has checked
   * that it is of a version that this was tested with.
   *
   * @return empty where the Java API's private fields can't be read
   */
  public static Optional<NativeRuntime> find() {
    try {
      Field table = field(Class.forName("ai.onnxruntime.OnnxRuntime"), "ortApiHandle");
      Field session = field(OrtSession.class, "nativeHandle");
      return Optional.of(new NativeRuntime(new Pointer(table.getLong(null)), session));
    } catch (ReflectiveOperationException | InaccessibleObjectException e) {
      return Optional.empty();
    }
  }

  /**
   * The native objects that nobody has closed yet.
   *
   * @return 0 once all sessions and what they made are closed
   */
  public int openHandles() {
    return openHandles.get();
  }

  Pointer handle(OrtSession session) {
    try {
      return new Pointer(sessionHandle.getLong(session));
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("A field that was accessible is not any more", e);
    }
  }

  /** Calls a function that gives a status. */
  void call(ApiFunction function, @Nullable Object... arguments) throws OrtException {
    Pointer status = function(function).invokePointer(arguments);
    if (status != null) {
      throw failure(status);
    }
  }

  /** Calls a function that gives nothing. */
  void callVoid(ApiFunction function, @Nullable Object... arguments) {
    function(function).invokeVoid(arguments);
  }

  /**
   * Has a function make an object.
   *
   * @param arguments all but the last, where the function leaves the object
   * @return the object; the caller closes it
   */
  NativeHandle create(ApiFunction create, ApiFunction release, Object... arguments)
      throws OrtException {
    PointerByReference made = new PointerByReference();
    @Nullable Object[] all = new Object[arguments.length + 1];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    all[arguments.length] = made;
    call(create, all);
    Pointer pointer = made.getValue();
    openHandles.incrementAndGet();
    return new NativeHandle(pointer, () -> release(release, pointer));
  }

  private void release(ApiFunction release, Pointer pointer) {
    openHandles.decrementAndGet();
    callVoid(release, pointer);
  }

  private OrtException failure(Pointer status) {
    try {
      int code = function(ApiFunction.GET_ERROR_CODE).invokeInt(new Object[] {status});
      Object[] arguments = {status};
      String message = function(ApiFunction.GET_ERROR_MESSAGE).invokeString(arguments, false);
      return new OrtException(code, message);
    } finally {
      callVoid(ApiFunction.RELEASE_STATUS, status);
    }
  }

  private Function function(ApiFunction function) {
    return Objects.requireNonNull(functions.get(function));
  }

  private static Field field(Class<?> owner, String name) throws NoSuchFieldException {
    Field field = owner.getDeclaredField(name);
    field.setAccessible(true);
    return field;
  }
}
