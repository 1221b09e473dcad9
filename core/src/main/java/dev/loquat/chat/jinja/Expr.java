package dev.loquat.chat.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A parsed expression. */
sealed interface Expr {

  Object evaluate(Context context);

  /** A constant. */
  record Literal(Object value) implements Expr {
    @Override
    public Object evaluate(Context context) {
      return value;
    }
  }

  /** A variable, or a function of the language. */
  record Name(String name) implements Expr {
    @Override
    public Object evaluate(Context context) {
      return context.named(name);
    }
  }

  /** A list, or a tuple, which behaves alike. */
  record Items(List<Expr> items) implements Expr {
    @Override
    public Object evaluate(Context context) {
      context.making(items.size());
      List<Object> values = new ArrayList<>();
      items.forEach(item -> values.add(item.evaluate(context)));
      return values;
    }
  }

  /** A mapping. */
  record Mapping(List<Expr> keys, List<Expr> values) implements Expr {
    @Override
    public Object evaluate(Context context) {
      context.spend(Limits.PIECE_STEPS * (2L + keys.size()));
      Map<Object, Object> map = new LinkedHashMap<>();
      for (int i = 0; i < keys.size(); i++) {
        Object key = context.key(keys.get(i).evaluate(context));
        map.put(key, values.get(i).evaluate(context));
      }
      return map;
    }
  }

  /** {@code target.name}. */
  record Attribute(Expr target, String name) implements Expr {
    @Override
    public Object evaluate(Context context) {
      context.spend(1);
      return Attributes.attribute(target.evaluate(context), name, context);
    }
  }

  /** {@code target[key]}. */
  record Item(Expr target, Expr key) implements Expr {
    @Override
    public Object evaluate(Context context) {
      context.spend(1);
      return Attributes.item(target.evaluate(context), key.evaluate(context), context);
    }
  }

  /** {@code target[from:to:step]}; none where a bound is left out. */
  record Slice(Expr target, Expr from, Expr to, Expr step) implements Expr {
    @Override
    public Object evaluate(Context context) {
      context.spend(1);
      return Attributes.slice(
          target.evaluate(context),
          from.evaluate(context),
          to.evaluate(context),
          step.evaluate(context),
          context);
    }
  }

  /** The arguments of a call, not yet evaluated. */
  record Passed(List<Expr> positional, Map<String, Expr> named) {
    static final Passed NOTHING = new Passed(List.of(), Map.of());

    Arguments evaluate(Context context) {
      context.spend(Limits.ELEMENT_STEPS * positional.size() + Limits.PIECE_STEPS * named.size());
      List<Object> values = new ArrayList<>();
      positional.forEach(expr -> values.add(expr.evaluate(context)));
      Map<String, Object> byName = new LinkedHashMap<>();
      named.forEach((name, expr) -> byName.put(name, expr.evaluate(context)));
      return new Arguments(values, byName);
    }
  }

  /** {@code function(arguments)}. */
  record Call(Expr function, Passed arguments) implements Expr {
    @Override
    public Object evaluate(Context context) {
      context.spend(1);
      Object callee = function.evaluate(context);
      if (callee instanceof Loop loop) {
        return call(loop.recursion(), context);
      }
      if (callee instanceof Callable callable) {
        return call(callable, context);
      }
      throw new TemplateError("cannot call " + Values.type(callee));
    }

    private Object call(Callable callee, Context context) {
      Arguments values = arguments.evaluate(context);
      return context.call(() -> callee.call(values, context));
    }
  }

  /** {@code value | name(arguments)}. */
  record Filtered(Expr value, String name, Passed arguments) implements Expr {
    @Override
    public Object evaluate(Context context) {
      context.spend(1);
      return Filters.apply(name, value.evaluate(context), arguments.evaluate(context), context);
    }
  }

  /** {@code value is name(arguments)}. */
  record Tested(Expr value, String name, Passed arguments) implements Expr {
    @Override
    public Object evaluate(Context context) {
      context.spend(1);
      return Tests.holds(name, value.evaluate(context), arguments.evaluate(context), context);
    }
  }

  /** {@code not value}. */
  record Not(Expr value) implements Expr {
    @Override
    public Object evaluate(Context context) {
      context.spend(1);
      return !Values.isTrue(value.evaluate(context));
    }
  }

  /** {@code -value}. */
  record Negative(Expr value) implements Expr {
    @Override
    public Object evaluate(Context context) {
      context.spend(1);
      return Operators.negate(value.evaluate(context));
    }
  }

  /** {@code left and right}: the operand that decides. */
  record And(Expr left, Expr right) implements Expr {
    @Override
    public Object evaluate(Context context) {
      context.spend(1);
      Object value = left.evaluate(context);
      return Values.isTrue(value) ? right.evaluate(context) : value;
    }
  }

  /** {@code left or right}: the operand that decides. */
  record Or(Expr left, Expr right) implements Expr {
    @Override
    public Object evaluate(Context context) {
      context.spend(1);
      Object value = left.evaluate(context);
      return Values.isTrue(value) ? value : right.evaluate(context);
    }
  }

  /** {@code left operator right}. */
  record Binary(String operator, Expr left, Expr right) implements Expr {
    @Override
    public Object evaluate(Context context) {
      context.spend(1);
      return Operators.apply(operator, left.evaluate(context), right.evaluate(context), context);
    }
  }

  /** {@code a < b < c}: operand i stands before operator i. */
  record Comparison(List<Expr> operands, List<String> operators) implements Expr {
    @Override
    public Object evaluate(Context context) {
      Object left = operands.get(0).evaluate(context);
      for (int i = 0; i < operators.size(); i++) {
        context.spend(1);
        Object right = operands.get(i + 1).evaluate(context);
        if (!Values.isTrue(Operators.apply(operators.get(i), left, right, context))) {
          return false;
        }
        left = right;
      }
      return true;
    }
  }

  /** {@code value if condition else otherwise}. */
  record Conditional(Expr condition, Expr value, @Nullable Expr otherwise) implements Expr {
    @Override
    public Object evaluate(Context context) {
      context.spend(1);
      if (Values.isTrue(condition.evaluate(context))) {
        return value.evaluate(context);
      }
      return otherwise == null
          ? new Undefined("an inline if without else")
          : otherwise.evaluate(context);
    }
  }
}
