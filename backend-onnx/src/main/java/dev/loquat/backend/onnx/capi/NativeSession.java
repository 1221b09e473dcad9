package dev.loquat.backend.onnx.capi;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import dev.loquat.backend.onnx.graph.OnnxType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A session of the Java API, seen from the C API: where it reads its inputs, memory of its
 * allocators, tensors and bindings.
 *
 * <p>To be closed before the session, and after all that it made.
 */
public final class NativeSession implements AutoCloseable {
  /** {@code OrtDeviceAllocator} and {@code OrtMemTypeDefault}. */
  private static final int DEVICE_ALLOCATOR = 0;

  private static final int DEFAULT_MEMORY = 0;
  private static final int CPU = 0;

  private final NativeRuntime runtime;
  private final Pointer session;
  private final NativeHandle hostInfo;
  private final MemoryPlace host;
  private final Map<String, MemoryPlace> inputs = new HashMap<>();
  private final Map<MemoryPlace, NativeHandle> allocators = new HashMap<>();

  /**
   * Asks where the session reads its inputs.
   *
   * @param runtime the C API
   * @param session stays open until this is closed
   * @throws OrtException if the runtime fails
   */
  public NativeSession(NativeRuntime runtime, OrtSession session) throws OrtException {
    this.runtime = runtime;
    this.session = runtime.handle(session);
    this.hostInfo =
        runtime.create(
            ApiFunction.CREATE_CPU_MEMORY_INFO,
            ApiFunction.RELEASE_MEMORY_INFO,
            DEVICE_ALLOCATOR,
            DEFAULT_MEMORY);
    this.host = new MemoryPlace(hostInfo.pointer(), true, "cpu:0");
    try {
      askForPlaces(List.copyOf(session.getInputNames()));
    } catch (OrtException | RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /**
   * The machine's memory.
   *
   * @return its place
   */
  public MemoryPlace host() {
    return host;
  }

  /**
   * Where an input is read.
   *
   * @param input its name in the graph
   * @return its place
   * @throws IllegalArgumentException if there is no such input
   */
  public MemoryPlace place(String input) {
    MemoryPlace place = inputs.get(input);
    if (place == null) {
      throw new IllegalArgumentException("The session has no input '" + input + "'");
    }
    return place;
  }

  /**
   * Takes memory from the session's allocator.
   *
   * @param place of an input
   * @param byteLength 1 or more
   * @return a tensor of bytes, not cleared; the caller closes it
   * @throws OrtException if there is not enough
   */
  public NativeTensor allocate(MemoryPlace place, long byteLength) throws OrtException {
    NativeHandle value =
        runtime.create(
            ApiFunction.CREATE_TENSOR,
            ApiFunction.RELEASE_VALUE,
            allocator(place).pointer(),
            new long[] {byteLength},
            1L,
            OnnxType.UINT8.code());
    try {
      PointerByReference data = new PointerByReference();
      runtime.call(ApiFunction.GET_TENSOR_DATA, value.pointer(), data);
      return new NativeTensor(value, Pointer.nativeValue(data.getValue()));
    } catch (OrtException e) {
      value.close();
      throw e;
    }
  }

  /**
   * A tensor over memory, which the caller keeps until the tensor is closed.
   *
   * @param place where the memory lies
   * @param address where it begins
   * @param byteLength as much as the shape takes
   * @param type the type of elements
   * @param shape the dimensions
   * @return a view; the caller closes it
   * @throws OrtException if the numbers don't fit together
   */
  public NativeTensor view(
      MemoryPlace place, long address, long byteLength, OnnxType type, List<Long> shape)
      throws OrtException {
    NativeHandle value =
        runtime.create(
            ApiFunction.CREATE_TENSOR_OVER_MEMORY,
            ApiFunction.RELEASE_VALUE,
            place.info(),
            new Pointer(address),
            byteLength,
            shape.stream().mapToLong(Long::longValue).toArray(),
            (long) shape.size(),
            type.code());
    return new NativeTensor(value, address);
  }

  /**
   * A binding in which nothing is bound.
   *
   * @return a binding; the caller closes it
   * @throws OrtException if the runtime fails
   */
  public NativeBinding bind() throws OrtException {
    NativeHandle binding =
        runtime.create(ApiFunction.CREATE_BINDING, ApiFunction.RELEASE_BINDING, session);
    return new NativeBinding(runtime, session, binding);
  }

  /** A second call does nothing. */
  @Override
  public void close() {
    allocators.values().forEach(NativeHandle::close);
    hostInfo.close();
  }

  private NativeHandle allocator(MemoryPlace place) throws OrtException {
    NativeHandle known = allocators.get(place);
    if (known != null) {
      return known;
    }
    NativeHandle allocator =
        runtime.create(
            ApiFunction.CREATE_ALLOCATOR, ApiFunction.RELEASE_ALLOCATOR, session, place.info());
    allocators.put(place, allocator);
    return allocator;
  }

  private void askForPlaces(List<String> names) throws OrtException {
    Pointer[] infos = new Pointer[names.size()];
    runtime.call(ApiFunction.GET_MEMORY_OF_INPUTS, session, infos, (long) infos.length);
    for (int i = 0; i < infos.length; i++) {
      inputs.put(names.get(i), place(infos[i]));
    }
  }

  private MemoryPlace place(Pointer info) throws OrtException {
    IntByReference type = new IntByReference();
    runtime.callVoid(ApiFunction.GET_MEMORY_DEVICE_TYPE, info, type);
    IntByReference id = new IntByReference();
    runtime.call(ApiFunction.GET_MEMORY_ID, info, id);
    boolean isOnHost = type.getValue() == CPU;
    return new MemoryPlace(info, isOnHost, (isOnHost ? "cpu:" : "gpu:") + id.getValue());
  }
}
