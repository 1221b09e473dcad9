package dev.loquat.checkpoint.source;

import dev.loquat.checkpoint.hub.HubModel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;

/** Where a model comes from. As text it is what {@link #parse} reads. */
public sealed interface ModelSource {

  /**
   * Reads a source as text: a folder's path, {@code classpath:some/path} or {@code
   * hf://owner/name[@revision]}.
   *
   * @param text the source
   * @return the source as a value; nothing is looked up yet
   * @throws IllegalArgumentException if it has none of these forms
   */
  static ModelSource parse(String text) {
    return SourceText.parse(text);
  }

  /**
   * A folder with a checkpoint's files.
   *
   * @param path the folder
   */
  record Folder(Path path) implements ModelSource {

    /** Checks for null. */
    public Folder {
      Objects.requireNonNull(path, "path");
    }

    @Override
    public String toString() {
      return path.toString();
    }
  }

  /**
   * A folder on the class path.
   *
   * @param path the resources' path, such as {@code dev/loquat/models/tiny}
   */
  record Classpath(String path) implements ModelSource {

    /**
     * Checks the path.
     *
     * @throws IllegalArgumentException if it is no plain path of names
     */
    public Classpath {
      if (!Arrays.stream(path.split("/", -1)).allMatch(Classpath::isName)) {
        throw new IllegalArgumentException(
            "'"
                + path
                + "' is no path of resources; expected one such as"
                + " classpath:dev/loquat/models/tiny");
      }
    }

    private static boolean isName(String part) {
      return part.matches("\\w[\\w.-]*");
    }

    @Override
    public String toString() {
      return "classpath:" + path;
    }
  }

  /**
   * A model on a hub.
   *
   * @param model the repository and its revision
   */
  record Hub(HubModel model) implements ModelSource {

    /** Checks for null. */
    public Hub {
      Objects.requireNonNull(model, "model");
    }

    @Override
    public String toString() {
      return model.toString();
    }
  }
}
