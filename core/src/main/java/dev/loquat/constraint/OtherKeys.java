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

  /** What may follow a character that no name goes on with comes to thousands of steps. */
  private static final int STEPS_A_CHARACTER = 4096;

  private final Map<Integer, OtherKeys> children = new TreeMap<>();
  private boolean isName;

  private OtherKeys() {}

  static Expr than(Collection<String> names, Work work) {
    OtherKeys root = new OtherKeys();
    names.forEach(name -> root.add(name, work));
    return JsonText.quoted(root.others());
  }

  private void add(String name, Work work) {
    OtherKeys at = this;
    for (int c : name.codePoints().toArray()) {
      at = at.children.computeIfAbsent(c, next -> child(work));
    }
    at.isName = true;
  }

  private static OtherKeys child(Work work) {
    work.add(STEPS_A_CHARACTER);
    return new OtherKeys();
  }

  /** What may follow the characters read so far without making a name. */
  private Expr others() {
    List<Expr> options = new ArrayList<>();
    for (Map.Entry<Integer, OtherKeys> child : children.entrySet()) {
      CodePoints character = CodePoints.of(child.getKey());
      options.add(Expr.sequence(JsonText.spell(character), child.getValue().others()));
    }
    CodePoints branching = CodePoints.of(children.keySet());
    options.add(Expr.sequence(JsonText.spell(branching.complement()), ANYTHING));
    if (!isName) {
      options.add(Expr.EMPTY);
    }
    return new Expr.Choice(options);
  }
}
