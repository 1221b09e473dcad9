package dev.loquat.examples;

import dev.loquat.device.Device;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a device's name. */
final class DeviceOption implements ITypeConverter<Device> {

  @Override
  public Device convert(String text) {
    try {
      return Device.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
