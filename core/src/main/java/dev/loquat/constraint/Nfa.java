package dev.loquat.constraint;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A nondeterministic automaton by Thompson's construction, for all rules of a grammar together. */
final class Nfa {
  /** Sixty times a schema with a hundred properties; a node takes about 40 bytes. */
  static final int MAX_NODES = 1 << 18;

  private final List<Node> nodes = new ArrayList<>();
  private final List<NamedRule> rules = new ArrayList<>();
  private final IntList firsts = new IntList();
  private final Work work;

  Nfa(Work work) {
    this.work = work;
  }

  /** Has at most one edge that consumes (a byte range or a rule), and any number that do not. */
  static final class Node {
    int low = -1;
    int high = -1;
    int rule = -1;
    int target = -1;
    @Nullable IntList skips;
    boolean isLast;

    boolean consumes() {
      return target >= 0;
    }
  }

  Node node(int index) {
    return nodes.get(index);
  }

  int size() {
    return nodes.size();
  }

  /** Adds a rule and returns its first node; its last one is marked. */
  int add(NamedRule rule) {
    rules.add(rule);
    firsts.add(nodes.size());
    int start = add();
    int end = compile(rule.content(), start);
    nodes.get(end).isLast = true;
    return start;
  }

  /** The name of the rule with the most nodes. */
  private String greatest() {
    firsts.add(nodes.size());
    return IntStream.range(0, rules.size())
        .boxed()
        .max(Comparator.comparingInt(rule -> firsts.get(rule + 1) - firsts.get(rule)))
        .map(rule -> rules.get(rule).name())
        .orElseThrow();
  }

  private int add() {
    if (nodes.size() == MAX_NODES) {
      throw new IllegalArgumentException(
          "The constraint needs more than "
              + MAX_NODES
              + " states before it is made deterministic, most of them for "
              + greatest()
              + "; use smaller counts or fewer parts there");
    }
    work.add(1);
    nodes.add(new Node());
    return nodes.size() - 1;
  }

  private void skip(int from, int to) {
    work.add(1);
    Node node = nodes.get(from);
    IntList skips = node.skips == null ? new IntList() : node.skips;
    skips.add(to);
    node.skips = skips;
  }

  /** Adds the expression after a node that has no edge yet, and returns where its texts end. */
  private int compile(Expr expr, int start) {
    work.add(1);
    if (expr instanceof Expr.Range range) {
      return range(range, start);
    } else if (expr instanceof Expr.Sequence sequence) {
      return sequence(sequence, start);
    } else if (expr instanceof Expr.Choice choice) {
      return choice(choice, start);
    } else if (expr instanceof Expr.Repeat repeat) {
      return repeat(repeat, start);
    } else if (expr instanceof Expr.Members members) {
      return new MemberChain(start, members).compile();
    }
    return rule((Expr.Rule) expr, start);
  }

  private int range(Expr.Range range, int start) {
    Node node = nodes.get(start);
    node.low = range.low();
    node.high = range.high();
    node.target = add();
    return node.target;
  }

  private int rule(Expr.Rule rule, int start) {
    Node node = nodes.get(start);
    node.rule = rule.index();
    node.target = add();
    return node.target;
  }

  private int sequence(Expr.Sequence sequence, int start) {
    int end = start;
    for (Expr part : sequence.parts()) {
      end = compile(part, end);
    }
    return end;
  }

  private int choice(Expr.Choice choice, int start) {
    int[] ends = choice.options().stream().mapToInt(option -> branch(option, start)).toArray();
    return join(ends);
  }

  private int branch(Expr option, int from) {
    int start = add();
    skip(from, start);
    return compile(option, start);
  }

  private int join(int... ends) {
    int end = add();
    for (int other : ends) {
      skip(other, end);
    }
    return end;
  }

  private int repeat(Expr.Repeat repeat, int start) {
    int end = start;
    for (int i = 0; i < repeat.least(); i++) {
      int before = end;
      end = compile(repeat.body(), before);
      if (end == before) {
        break; // An empty body adds nothing, however often.
      }
    }
    return repeat.most() == Expr.Repeat.UNBOUNDED
        ? loop(repeat.body(), end)
        : upTo(repeat.body(), repeat.most() - repeat.least(), end);
  }

  private int loop(Expr body, int start) {
    int entry = join(start);
    skip(branch(body, entry), entry);
    return join(entry);
  }

  private int upTo(Expr body, int times, int start) {
    int[] ends = new int[times + 1];
    ends[0] = start;
    for (int i = 0; i < times; i++) {
      ends[i + 1] = branch(body, ends[i]);
    }
    return join(ends);
  }

  /**
   * Two chains of nodes beside each other, one for when no member came before and one for when some
   * did; each member is built once and entered from both.
   */
  private final class MemberChain {
    private static final int ABSENT = -1;
    private final Expr.Members members;
    private int fresh;
    private int started = ABSENT;

    MemberChain(int start, Expr.Members members) {
      this.fresh = start;
      this.members = members;
    }

    int compile() {
      for (Expr.Member member : members.members()) {
        add(member);
      }
      members.others().ifPresent(this::addOthers);
      return fresh == ABSENT ? started : started == ABSENT ? fresh : join(fresh, started);
    }

    private void add(Expr.Member member) {
      int end = Nfa.this.compile(member.content(), entry());
      if (member.required()) {
        fresh = ABSENT;
        started = join(end);
      } else {
        started = started == ABSENT ? join(end) : join(end, started);
      }
    }

    private void addOthers(Expr others) {
      if (members.mostOthers() != Expr.Repeat.UNBOUNDED) {
        addCounted(others);
        return;
      }
      started = started == ABSENT ? Nfa.this.add() : join(started);
      skip(Nfa.this.compile(others, entry()), started);
    }

    /** A chain of its own, which may be left after every link. */
    private void addCounted(Expr others) {
      int noneYet = fresh;
      int before = started;
      int[] ends = new int[members.mostOthers()];
      for (int i = 0; i < ends.length; i++) {
        ends[i] = Nfa.this.compile(others, entry());
        fresh = ABSENT;
        started = ends[i];
      }
      fresh = noneYet;
      started = ends.length == 0 ? before : join(ends);
      if (ends.length > 0 && before != ABSENT) {
        skip(before, started);
      }
    }

    private int entry() {
      int entry = Nfa.this.add();
      if (fresh != ABSENT) {
        skip(fresh, entry);
      }
      if (started != ABSENT) {
        skip(branch(members.separator(), started), entry);
      }
      return entry;
    }
  }
}
