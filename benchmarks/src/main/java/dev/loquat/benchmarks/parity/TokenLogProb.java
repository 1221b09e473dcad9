package dev.loquat.benchmarks.parity;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/** A token and its log-probability, in the files as {@code [id, ln p]}. */
@JsonFormat(shape = JsonFormat.Shape.ARRAY)
@JsonPropertyOrder({"id", "logProb"})
record TokenLogProb(int id, double logProb) {}
