package dev.loquat.checkpoint;

import java.nio.file.Path;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The real checkpoint, SmolLM2-135M-Instruct, whose folder {@code -Dloquat.smollm2} names. A class
 * extended with it is skipped test by test where there is none, and fails in CI; an assumption in
 * {@code @BeforeAll} would leave its tests uncounted.
 */
public final class SmolLm2 implements ExecutionCondition {
  private static final String REMEDY = "name SmolLM2's folder with -Dloquat.smollm2=FOLDER";

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    if (!property().isEmpty()) {
      return ConditionEvaluationResult.enabled("SmolLM2 is in " + property());
    }
    if ("true".equals(System.getenv("CI"))) {
      throw new AssertionError("CI runs no test without the real checkpoint: " + REMEDY);
    }
    return ConditionEvaluationResult.disabled(REMEDY);
  }

  /** The folder. */
  public static Path folder() {
    return Path.of(property());
  }

  private static String property() {
    return System.getProperty("loquat.smollm2", "");
  }
}
