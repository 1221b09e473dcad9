package dev.loquat.chat.jinja;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A parsed statement. */
sealed interface Node {

  /** How the statements after one go on. */
  enum Flow {
    NEXT,
    BREAK,
    CONTINUE
  }

  Flow run(Context context);

  /** Statements in order. */
  record Body(List<Node> nodes) implements Node {
    @Override
    public Flow run(Context context) {
      for (Node node : nodes) {
        Flow flow = node.run(context);
        if (flow != Flow.NEXT) {
          return flow;
        }
      }
      return Flow.NEXT;
    }
  }

  /** Text of the template itself. */
  record Text(String text) implements Node {
    @Override
    public Flow run(Context context) {
      context.write(text);
      return Flow.NEXT;
    }
  }

  /** {@code {{ value }}}. */
  record Output(Expr value, int line) implements Node {
    @Override
    public Flow run(Context context) {
      context.enter(line);
      context.write(context.text(value.evaluate(context)));
      return Flow.NEXT;
    }
  }

  /** {@code break} or {@code continue}. */
  record Jump(Flow flow) implements Node {
    @Override
    public Flow run(Context context) {
      return flow;
    }
  }

  /** {@code if}; {@code elif} is another one in {@code otherwise}. */
  record If(Expr condition, Node then, Node otherwise, int line) implements Node {
    @Override
    public Flow run(Context context) {
      context.enter(line);
      return (Values.isTrue(condition.evaluate(context)) ? then : otherwise).run(context);
    }
  }

  /** {@code set target = value}. */
  record Set(Target target, Expr value, int line) implements Node {
    @Override
    public Flow run(Context context) {
      context.enter(line);
      target.assign(value.evaluate(context), context);
      return Flow.NEXT;
    }
  }

  /** {@code set target} with a body, or {@code filter}: what the body writes goes elsewhere. */
  record Capture(@Nullable Target target, Node body, Expr filtered, int line) implements Node {

    /** The name under which the filters find the text. */
    static final String TEXT = " text";

    @Override
    public Flow run(Context context) {
      context.enter(line);
      Scope inner = new Scope(context.scope());
      Object value =
          context.within(
              inner,
              () -> {
                inner.set(TEXT, context.capture(() -> body.run(context)));
                return filtered.evaluate(context);
              });
      if (target == null) {
        context.write(context.text(value));
      } else {
        target.assign(value, context);
      }
      return Flow.NEXT;
    }
  }

  /** {@code with}: names for a body alone. */
  record With(List<Set> sets, Node body) implements Node {
    @Override
    public Flow run(Context context) {
      return context.within(
          new Scope(context.scope()),
          () -> {
            sets.forEach(set -> set.run(context));
            return body.run(context);
          });
    }
  }

  /** {@code for}. */
  record For(Target target, Expr items, @Nullable Expr filter, Node body, Node otherwise, int line)
      implements Node {
    @Override
    public Flow run(Context context) {
      context.enter(line);
      loop(items.evaluate(context), 1, context.scope(), context);
      return Flow.NEXT;
    }

    private void loop(Object over, int depth, Scope outer, Context context) {
      List<Object> selected = selected(context.items(over), outer, context);
      Loop loop = new Loop(selected, depth, (a, c) -> recurse(a, depth + 1, outer, c));
      if (selected.isEmpty()) {
        context.within(new Scope(outer), () -> otherwise.run(context));
      }
      Flow flow = Flow.NEXT;
      for (int i = 0; i < selected.size() && flow != Flow.BREAK; i++) {
        context.enter(line);
        loop.moveTo(i);
        Scope scope = new Scope(outer);
        scope.set("loop", loop);
        Object item = selected.get(i);
        flow =
            context.within(
                scope,
                () -> {
                  target.assign(item, context);
                  return body.run(context);
                });
      }
    }

    private Object recurse(Arguments arguments, int depth, Scope outer, Context context) {
      Object over = arguments.require(0, "iterable");
      return context.capture(() -> loop(over, depth, outer, context));
    }

    private List<Object> selected(List<Object> all, Scope outer, Context context) {
      if (filter == null) {
        return all;
      }
      List<Object> selected = new ArrayList<>();
      for (Object item : all) {
        boolean keeps =
            context.within(
                new Scope(outer),
                () -> {
                  target.assign(item, context);
                  return Values.isTrue(filter.evaluate(context));
                });
        if (keeps) {
          selected.add(item);
        }
      }
      return selected;
    }
  }

  /** {@code macro}: defines a function that returns what its body writes. */
  record Macro(String name, List<String> parameters, List<@Nullable Expr> defaults, Node body)
      implements Node {
    @Override
    public Flow run(Context context) {
      context.spend(Limits.PIECE_STEPS);
      context.scope().set(name, callable(context.scope()));
      return Flow.NEXT;
    }

    Callable callable(Scope definedIn) {
      return (arguments, context) -> {
        Scope scope = new Scope(definedIn);
        return context.within(
            scope,
            () -> {
              bind(arguments, scope, context);
              return context.capture(() -> body.run(context));
            });
      };
    }

    private void bind(Arguments arguments, Scope scope, Context context) {
      context.spend(Limits.PIECE_STEPS * parameters.size());
      for (int i = 0; i < parameters.size(); i++) {
        String parameter = parameters.get(i);
        Expr otherwise = defaults.get(i);
        Object missing = Attributes.missing(parameter);
        Object value = arguments.get(i, parameter, missing);
        scope.set(
            parameter, value == missing && otherwise != null ? otherwise.evaluate(context) : value);
      }
      if (arguments.named().containsKey("caller")) {
        scope.set("caller", arguments.named().get("caller"));
      }
    }
  }

  /** {@code call}: calls a macro with its body as the macro {@code caller}. */
  record CallBlock(Expr.Call call, Macro caller, int line) implements Node {
    @Override
    public Flow run(Context context) {
      context.enter(line);
      Map<String, Expr> named = new HashMap<>(call.arguments().named());
      named.put("caller", new Expr.Literal(caller.callable(context.scope())));
      Expr.Passed passed = new Expr.Passed(call.arguments().positional(), named);
      context.write(context.text(new Expr.Call(call.function(), passed).evaluate(context)));
      return Flow.NEXT;
    }
  }
}
