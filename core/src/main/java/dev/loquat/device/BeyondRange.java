package dev.loquat.device;

/** What becomes of a model some of whose weights FP16 or BF16, as asked for, can't hold. */
public enum BeyondRange {
  /** It is refused, with the name of the tensor. */
  REFUSE,
  /** It is held wider, and the reason that is reported names the tensor. */
  WIDEN
}
