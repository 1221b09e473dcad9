package dev.loquat.backend.onnx.capi;

/**
 * The functions of the C API that are called, by their place in its table. Places never change: new
 * functions are added behind the last.
 *
 * @see <a
 *     href="https://github.com/microsoft/onnxruntime/blob/main/include/onnxruntime/core/session/onnxruntime_c_api.h">
 *     the table, struct OrtApi</a>
 */
enum ApiFunction {
  GET_ERROR_CODE(1),
  GET_ERROR_MESSAGE(2),
  CREATE_RUN_OPTIONS(39),
  CREATE_TENSOR(48),
  CREATE_TENSOR_OVER_MEMORY(49),
  GET_TENSOR_DATA(51),
  CREATE_CPU_MEMORY_INFO(69),
  GET_MEMORY_ID(72),
  RELEASE_STATUS(93),
  RELEASE_MEMORY_INFO(94),
  RELEASE_VALUE(96),
  RELEASE_RUN_OPTIONS(97),
  CREATE_ALLOCATOR(131),
  RELEASE_ALLOCATOR(132),
  RUN_WITH_BINDING(133),
  CREATE_BINDING(134),
  RELEASE_BINDING(135),
  BIND_INPUT(136),
  BIND_OUTPUT(137),
  ADD_RUN_OPTION(165),
  AWAIT_INPUTS(202),
  GET_MEMORY_DEVICE_TYPE(225),
  GET_MEMORY_OF_INPUTS(380);

  private final int place;

  ApiFunction(int place) {
    this.place = place;
  }

  int place() {
    return place;
  }
}
