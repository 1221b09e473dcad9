package dev.loquat.constraint;

/** A state of a rule and who called the rule. */
record Position(int state, Frame frame) {}
