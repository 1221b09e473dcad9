package dev.loquat.backend.onnx;

/** How runs reach the runtime. Users get {@link #AUTO}; the others are for tests. */
enum RunMode {
  /** By the C API where it can be had, else by the Java API; caches lie where they are read. */
  AUTO,
  /** By the Java API. */
  PINNED,
  /** By the C API, caches from the session's own allocator on every device. */
  ON_DEVICE
}
