package dev.loquat.constraint;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The keys of an object that its schema does not name. Up to where a key differs from all names,
 * each character has its shortest spelling.
 */
final class OtherKeys {
  /** What may follow a character that no name goes on with comes to hundreds of steps. */
  private static final int STEPS_A_CHARACTER = 512;

  private static final Expr QUOTE = Expr.text("\"");
  private final Map<Integer, OtherKeys> children = new TreeMap<>();
  private boolean isName;

  private OtherKeys() {}

  static Expr than(Collection<String> names, SchemaCompiler compiler) {
    OtherKeys root = new OtherKeys();
    names.forEach(name -> root.add(name, compiler.work()));
    return Expr.sequence(QUOTE, root.others(compiler));
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

  /** What may follow the characters read so far without making a name, with the closing quote. */
  private Expr others(SchemaCompiler compiler) {
    List<Expr> options = new ArrayList<>();
    for (Map.Entry<Integer, OtherKeys> child : children.entrySet()) {
      CodePoints character = CodePoints.of(child.getKey());
      options.add(Expr.sequence(JsonText.spell(character), child.getValue().others(compiler)));
    }
    addDiffering(options, CodePoints.of(children.keySet()), compiler);
    if (!isName) {
      options.add(QUOTE);
    }
    return new Expr.Choice(options);
  }

  /** Characters of one byte are spelled here, but others, unless a name has them, by a rule. */
  private static void addDiffering(
      List<Expr> options, CodePoints branching, SchemaCompiler compiler) {
    CodePoints differing = branching.complement();
    if (branching.intersect(JsonText.LONG).spans().isEmpty()) {
      differing = differing.minus(JsonText.LONG);
      options.add(compiler.longCharacterAndRest());
    }
    options.add(Expr.sequence(JsonText.spell(differing), compiler.restOfString()));
  }
}
