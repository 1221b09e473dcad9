/** Meters of a model's generations and steps, for any registry of Micrometer. */
// Micrometer only names its module.
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"})
module dev.loquat.micrometer {
  requires transitive dev.loquat;
  requires transitive micrometer.core;
  requires static org.jspecify;

  exports dev.loquat.micrometer;
}
