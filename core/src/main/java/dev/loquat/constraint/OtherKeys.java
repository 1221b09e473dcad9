package dev.loquat.constraint;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The keys of an object that its schema does not name, each character in its shortest spelling. */
final class OtherKeys {
  private static final Expr ANYTHING =
      Expr.repeat(JsonText.spell(CodePoints.ALL), 0, Expr.Repeat.UNBOUNDED);
  private final Map<Integer, OtherKeys> children = new TreeMap<>();
  private boolean isName;

  private OtherKeys() {}

  static Expr than(Collection<String> names) {
    OtherKeys root = new OtherKeys();
    names.forEach(root::add);
    return JsonText.quoted(root.others());
  }

  private void add(String name) {
    OtherKeys at = this;
    for (int c : name.codePoints().toArray()) {
      at = at.children.computeIfAbsent(c, next -> new OtherKeys());
    }
    at.isName = true;
  }

  /** What may follow the characters read so far without making a name. */
  private Expr others() {
    List<Expr> options = new ArrayList<>();
    CodePoints branching = CodePoints.NONE;
    for (Map.Entry<Integer, OtherKeys> child : children.entrySet()) {
      CodePoints character = CodePoints.of(child.getKey());
      branching = branching.union(character);
      options.add(Expr.sequence(JsonText.spell(character), child.getValue().others()));
    }
    options.add(Expr.sequence(JsonText.spell(branching.complement()), ANYTHING));
    if (!isName) {
      options.add(Expr.EMPTY);
    }
    return new Expr.Choice(options);
  }
}
