package dev.loquat.backend.onnx.graph;

/**
 * A graph that draws tokens from rows of logits, as {@link dev.loquat.backend.TokenDraw} tells. Of
 * the order of equals in a sorted row nothing is asked: their ids are counted in the row itself.
 */
public final class DrawGraph {
  /** Logits, {@code float32 [rows, vocabulary]}. */
  public static final String LOGITS = "logits";

  /** The row of each draw, {@code int64 [draws, 1]}. */
  public static final String ROWS = "rows";

  /** How many tokens top-k keeps but one, {@code int64 [draws, 1]}. */
  public static final String LAST_KEPT = "last_kept";

  /** Temperature, top-p, min-p and the random number of each, {@code float64 [draws, 4]}. */
  public static final String RULES = "rules";

  /** The tokens, or -1, {@code int32 [draws, 1]}. */
  public static final String TOKENS = "tokens";

  /** The numbers of a draw among {@link #RULES}. */
  public static final int RULE_COUNT = 4;

  /**
   * What a draw takes for each number of its row while it runs, most of it in double precision: 61
   * bytes were measured on a processor, with a vocabulary of 128,256.
   */
  public static final int WORKING_BYTES = 64;

  private static final String TEMPERATURE = "temperature";
  private static final String TOP_P = "top_p";
  private static final String MIN_P = "min_p";
  private static final String UNIFORM = "uniform";

  private final GraphBuilder graph = new GraphBuilder("draw");
  private final DrawnRows rows = new DrawnRows(graph);
  private final RunningSums sums;
  private final long width;
  private final String logits;
  private final String noWeight;

  private DrawGraph(int vocabularySize) {
    this.width = RunningSums.width(vocabularySize);
    this.sums = new RunningSums(graph, width);
    this.logits = inWholeBlocks(vocabularySize);
    this.noWeight = graph.add(Node.cast(rows.zero(), OnnxType.DOUBLE), "no_weight");
  }

  /**
   * The model.
   *
   * @param vocabularySize the width of a row
   * @return the bytes of an ONNX file
   */
  public static byte[] model(int vocabularySize) {
    DrawGraph draw = new DrawGraph(vocabularySize);
    draw.declareRules();
    draw.lower();
    return draw.graph.toModel();
  }

  private void declareRules() {
    graph.input(LAST_KEPT, OnnxType.INT64, new Shape().by("draws").by(1));
    graph.input(RULES, OnnxType.DOUBLE, new Shape().by("draws").by(RULE_COUNT));
    graph.add(
        Node.standard("Split", RULES).with("axis", 1).with("num_outputs", RULE_COUNT),
        TEMPERATURE,
        TOP_P,
        MIN_P,
        UNIFORM);
  }

  private void lower() {
    String sorted = sorted();
    String weights = massive(likeliest(weights(sorted), sorted));
    String position = position(weights);
    String index = graph.add(Node.cast(position, OnnxType.INT64), "index");
    String drawn = at(index, sorted, "drawn");
    rows.give(id(drawn, equalsBefore(sorted, position, drawn)));
  }

  /** Continued with what is never drawn. */
  private String inWholeBlocks(int vocabularySize) {
    if (vocabularySize == width) {
      return rows.logits();
    }
    String added =
        graph.constant(ConstantTensor.integers("added", 0, 0, 0, width - vocabularySize));
    String never = graph.constant(ConstantTensor.number("never", Float.NEGATIVE_INFINITY));
    return graph.add(Node.standard("Pad", rows.logits(), added, never), "whole");
  }

  /** The likeliest first. */
  private String sorted() {
    String all = graph.constant(ConstantTensor.integers("all", width));
    return graph.add(Node.standard("TopK", logits, all), "sorted", "sorted_ids");
  }

  /** The probabilities in the same order, 1 for the likeliest. */
  private String weights(String sorted) {
    String wide = graph.add(Node.cast(sorted, OnnxType.DOUBLE), "wide");
    String greatest = graph.add(Node.cast(rows.greatest(), OnnxType.DOUBLE), "wide_greatest");
    String below = graph.add(Node.standard("Sub", wide, greatest), "below");
    String tempered = graph.add(Node.standard("Div", below, TEMPERATURE), "tempered");
    return graph.add(Node.standard("Exp", tempered), "weights");
  }

  /** Those of the first tokens, and of others as likely as the last of them. */
  private String likeliest(String weights, String sorted) {
    String last = at(LAST_KEPT, sorted, "last");
    return kept(graph.add(Node.standard("GreaterOrEqual", sorted, last), "is_likely"), weights);
  }

  /** Those that reach a mass, and are not too small a part of the first. */
  private String massive(String weights) {
    String reached = sums.of(weights, "reached");
    String before = graph.add(Node.standard("Sub", reached, weights), "reached_before");
    String mass = rows.greatest(reached, "mass");
    String wanted = graph.add(Node.standard("Mul", TOP_P, mass), "wanted");
    String within = graph.add(Node.standard("Less", before, wanted), "is_within");
    String large = graph.add(Node.standard("GreaterOrEqual", weights, MIN_P), "is_large");
    return kept(graph.add(Node.standard("And", within, large), "is_massive"), weights);
  }

  private String kept(String condition, String weights) {
    return graph.add(Node.standard("Where", condition, weights, noWeight), condition + ".weights");
  }

  /** Where in the order the drawn token stands, the last one kept at most. */
  private String position(String weights) {
    String reached = sums.of(weights, "side_by_side");
    String mass = rows.greatest(reached, "kept_mass");
    String point = graph.add(Node.standard("Mul", UNIFORM, mass), "point");
    String passed =
        rows.count(graph.add(Node.standard("LessOrEqual", reached, point), "is_passed"), "passed");
    String kept =
        rows.count(graph.add(Node.standard("Greater", weights, noWeight), "is_kept"), "kept");
    String one = graph.constant(ConstantTensor.number("one", 1));
    String end = graph.add(Node.standard("Sub", kept, one), "end");
    String before = graph.add(Node.standard("Min", passed, end), "before_end");
    return graph.add(Node.standard("Max", before, rows.zero()), "position");
  }

  private String at(String index, String numbers, String name) {
    return graph.add(Node.standard("GatherElements", numbers, index).with("axis", 1), name);
  }

  /** How many of those as likely as the drawn one stand before it. */
  private String equalsBefore(String sorted, String position, String drawn) {
    String likelier =
        rows.count(graph.add(Node.standard("Greater", sorted, drawn), "is_likelier"), "likelier");
    return graph.add(Node.standard("Sub", position, likelier), "equals_before");
  }

  /** The id behind those of so many equals. */
  private String id(String drawn, String equalsBefore) {
    String equal = graph.add(Node.standard("Equal", logits, drawn), "is_equal");
    String ones = graph.add(Node.cast(equal, OnnxType.FLOAT), "equal");
    String met = sums.of(ones, "equals_met");
    String lower = graph.add(Node.standard("LessOrEqual", met, equalsBefore), "is_lower");
    return rows.count(lower, "id");
  }
}
