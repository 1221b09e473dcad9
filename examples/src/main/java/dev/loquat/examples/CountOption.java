package dev.loquat.examples;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads how many of something there shall be. */
final class CountOption implements ITypeConverter<Integer> {

  @Override
  public Integer convert(String text) {
    if (!text.matches("0*[1-9][0-9]{0,8}")) {
      throw new TypeConversionException("'" + text + "'; expected a whole number, 1 or more");
    }
    return Integer.valueOf(text);
  }
}
