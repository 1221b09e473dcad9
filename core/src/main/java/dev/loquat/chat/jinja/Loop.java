package dev.loquat.chat.jinja;

import java.util.List;

/** The variable {@code loop} of a for statement. */
final class Loop {

  private final List<Object> items;
  private final int depth;
  private final Callable recursion;
  private int index;

  Loop(List<Object> items, int depth, Callable recursion) {
    this.items = items;
    this.depth = depth;
    this.recursion = recursion;
  }

  void moveTo(int newIndex) {
    index = newIndex;
  }

  Callable recursion() {
    return recursion;
  }

  int depth() {
    return depth;
  }

  Object attribute(String name) {
    int size = items.size();
    return switch (name) {
      case "index" -> index + 1L;
      case "index0" -> (long) index;
      case "revindex" -> (long) size - index;
      case "revindex0" -> size - index - 1L;
      case "first" -> index == 0;
      case "last" -> index == size - 1;
      case "length" -> (long) size;
      case "depth" -> (long) depth;
      case "depth0" -> depth - 1L;
      case "previtem" -> index > 0 ? items.get(index - 1) : Attributes.missing(name);
      case "nextitem" -> index + 1 < size ? items.get(index + 1) : Attributes.missing(name);
      case "cycle" -> (Callable) (arguments, context) -> cycled(arguments.positional());
      default -> Attributes.missing(name);
    };
  }

  private Object cycled(List<Object> choices) {
    if (choices.isEmpty()) {
      throw new TemplateError("cycle is given nothing to choose from");
    }
    return choices.get(index % choices.size());
  }

  @Override
  public String toString() {
    return "<Loop>";
  }
}
