package dev.loquat.constraint;

/**
 * What a rule matches.
 *
 * @param name what messages call it
 */
record NamedRule(String name, Expr content) {}
