package dev.loquat.chat.jinja;

import java.util.List;

/** What a value is assigned to. */
sealed interface Target {

  void assign(Object value, Context context);

  /** A name in the innermost scope. */
  record Variable(String name) implements Target {
    @Override
    public void assign(Object value, Context context) {
      context.spend(name.length());
      context.scope().set(name, value);
    }
  }

  /** An attribute of a namespace. */
  record Attribute(String namespace, String name) implements Target {
    @Override
    public void assign(Object value, Context context) {
      if (context.named(namespace) instanceof Namespace target) {
        target.set(name, value);
        return;
      }
      throw new TemplateError("'" + namespace + "' is not a namespace; it cannot be changed");
    }
  }

  /** Several targets, each for one of the value's items. */
  record Several(List<Target> targets) implements Target {
    @Override
    public void assign(Object value, Context context) {
      List<Object> items = context.items(value);
      if (items.size() != targets.size()) {
        throw new TemplateError(
            "cannot take " + items.size() + " values apart into " + targets.size() + " names");
      }
      for (int i = 0; i < targets.size(); i++) {
        targets.get(i).assign(items.get(i), context);
      }
    }
  }
}
