package dev.loquat.checkpoint.hub;

import java.util.regex.Pattern;

/**
 * A model repository on a hub, at a revision.
 *
 * @param owner the user or organization
 * @param name the repository's name
 * @param revision a branch, tag or commit; {@code main} as a rule
 */
public record HubModel(String owner, String name, String revision) {
  private static final int MAX_NAME = 96;
  private static final int MAX_REVISION = 255;
  private static final Pattern NAME = Pattern.compile("\\w|\\w[\\w.-]*\\w");
  private static final Pattern REVISION = Pattern.compile("\\w[\\w.+-]*(/\\w[\\w.+-]*)*");
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

  /**
   * Checks the three against the hub's rules, which also keep them from leading out of a folder.
   *
   * @throws IllegalArgumentException if one breaks them
   */
  public HubModel {
    requireName("owner", owner);
    requireName("name", name);
    if (revision.length() > MAX_REVISION
        || !REVISION.matcher(revision).matches()
        || revision.contains("..")) {
      throw new IllegalArgumentException(
          "revision is '" + revision + "'; expected a branch, tag or commit such as 'main'");
    }
  }

  /** Owner and name, as messages show them. */
  String repository() {
    return owner + "/" + name;
  }

  /** Whether the revision is a commit, which never changes. */
  boolean isPinned() {
    return isCommit(revision);
  }

  static boolean isCommit(String text) {
    return COMMIT.matcher(text).matches();
  }

  /** Shows the source as it is written: {@code hf://owner/name@revision}. */
  @Override
  public String toString() {
    return "hf://" + repository() + "@" + revision;
  }

  private static void requireName(String part, String value) {
    if (value.length() > MAX_NAME
        || !NAME.matcher(value).matches()
        || value.contains("..")
        || value.contains("--")) {
      throw new IllegalArgumentException(
          part
              + " is '"
              + value
              + "'; expected letters, digits, '-', '_' and '.', at most "
              + MAX_NAME
              + ", as in hf://HuggingFaceTB/SmolLM2-135M-Instruct");
    }
  }
}
