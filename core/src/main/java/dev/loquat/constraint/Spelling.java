package dev.loquat.constraint;

/** How one of some characters is written in bytes. */
@FunctionalInterface
interface Spelling {
  Expr of(CodePoints characters);
}
