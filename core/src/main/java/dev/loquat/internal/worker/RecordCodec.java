package dev.loquat.internal.worker;

import static java.util.Objects.requireNonNull;

import dev.loquat.constraint.Constraint;
import dev.loquat.observation.Durations;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Writes and reads values of a type that both ends know: records by their components, a sealed
 * interface as the number of the record, text as UTF-16 with its length, so that any text comes
 * back as it was.
 *
 * <p>What is read is made by the records' own constructors, which check it. A count of more than
 * what is left of a frame can hold is refused before memory is taken for it, so that reading takes
 * memory in proportion to the frame.
 *
 * <p>Safe for use by several threads.
 */
final class RecordCodec {
  /** No element takes less than the number of an enum's constant. */
  private static final int LEAST_BYTES = 1;

  /** Of a second. */
  private static final int MOST_NANOS = 999_999_999;

  /** Writes a value. */
  void write(Type type, Object value, DataOutput out) throws IOException {
    if (type instanceof ParameterizedType generic) {
      writeGeneric(generic, value, out);
    } else {
      writePlain((Class<?>) type, value, out);
    }
  }

  /**
   * Reads a value from a frame that holds nothing else.
   *
   * @throws IOException if the frame is no such value
   */
  Object read(Type type, byte[] frame) throws IOException {
    ByteArrayInputStream bytes = new ByteArrayInputStream(frame);
    Object value = read(type, new DataInputStream(bytes));
    if (bytes.available() > 0) {
      throw new IOException(
          "A message ends before its frame: "
              + bytes.available()
              + " of "
              + frame.length
              + " bytes");
    }
    return value;
  }

  private Object read(Type type, DataInputStream in) throws IOException {
    return type instanceof ParameterizedType generic
        ? readGeneric(generic, in)
        : readPlain((Class<?>) type, in);
  }

  private void writeGeneric(ParameterizedType type, Object value, DataOutput out)
      throws IOException {
    Type[] of = type.getActualTypeArguments();
    if (value instanceof Optional<?> optional) {
      out.writeBoolean(optional.isPresent());
      if (optional.isPresent()) {
        write(of[0], optional.get(), out);
      }
    } else if (value instanceof Map<?, ?> map) {
      out.writeInt(map.size());
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        write(of[0], entry.getKey(), out);
        write(of[1], entry.getValue(), out);
      }
    } else {
      Collection<?> elements = (Collection<?>) value;
      out.writeInt(elements.size());
      for (Object element : elements) {
        write(of[0], element, out);
      }
    }
  }

  private Object readGeneric(ParameterizedType type, DataInputStream in) throws IOException {
    Type[] of = type.getActualTypeArguments();
    Class<?> raw = (Class<?>) type.getRawType();
    if (raw == Optional.class) {
      return in.readBoolean() ? Optional.of(read(of[0], in)) : Optional.empty();
    }
    int count = count(in, LEAST_BYTES);
    if (raw == Map.class) {
      Map<Object, Object> map = new LinkedHashMap<>();
      for (int i = 0; i < count; i++) {
        map.put(read(of[0], in), read(of[1], in));
      }
      return map;
    }
    Collection<Object> elements = raw == Set.class ? new LinkedHashSet<>() : new ArrayList<>();
    for (int i = 0; i < count; i++) {
      elements.add(read(of[0], in));
    }
    return elements;
  }

  private void writePlain(Class<?> type, Object value, DataOutput out) throws IOException {
    if (type.isRecord()) {
      for (RecordComponent component : type.getRecordComponents()) {
        write(component.getGenericType(), component(component, value), out);
      }
    } else if (type.isSealed() && type.isInterface()) {
      List<Class<?>> cases = List.of(type.getPermittedSubclasses());
      int index = cases.indexOf(declared(value));
      out.writeByte(index);
      write(cases.get(index), value, out);
    } else if (type.isEnum()) {
      out.writeByte(List.of(type.getEnumConstants()).indexOf(value));
    } else {
      writeScalar(value, out);
    }
  }

  private Object readPlain(Class<?> type, DataInputStream in) throws IOException {
    if (type.isRecord()) {
      return readRecord(type, in);
    }
    if (type.isSealed() && type.isInterface()) {
      return read(pick(type.getPermittedSubclasses(), in), in);
    }
    return type.isEnum() ? pick(type.getEnumConstants(), in) : readScalar(type, in);
  }

  private Object readRecord(Class<?> type, DataInputStream in) throws IOException {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      values[i] = read(components[i].getGenericType(), in);
    }
    try {
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      throw new IOException("A message holds an invalid " + type.getSimpleName(), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Object component(RecordComponent component, Object value) {
    try {
      var accessor = component.getAccessor();
      accessor.setAccessible(true);
      return requireNonNull(accessor.invoke(value), component.getName());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The class of a value, for a constant with a body of its own that of its enum. */
  private static Class<?> declared(Object value) {
    return value instanceof Enum<?> constant ? constant.getDeclaringClass() : value.getClass();
  }

  private static <T> T pick(T[] choices, DataInputStream in) throws IOException {
    int index = in.readUnsignedByte();
    if (index >= choices.length) {
      throw new IOException("A message names case " + index + " of " + choices.length);
    }
    return choices[index];
  }

  private static void writeScalar(Object value, DataOutput out) throws IOException {
    if (value instanceof Integer number) {
      out.writeInt(number);
    } else if (value instanceof Long number) {
      out.writeLong(number);
    } else if (value instanceof Float number) {
      out.writeFloat(number);
    } else if (value instanceof Double number) {
      out.writeDouble(number);
    } else if (value instanceof Boolean truth) {
      out.writeBoolean(truth);
    } else {
      writeValue(value, out);
    }
  }

  private static void writeValue(Object value, DataOutput out) throws IOException {
    if (value instanceof Duration duration) {
      out.writeLong(duration.getSeconds());
      out.writeInt(duration.getNano());
    } else if (value instanceof OptionalInt number) {
      out.writeBoolean(number.isPresent());
      out.writeInt(number.orElse(0));
    } else if (value instanceof OptionalLong number) {
      out.writeBoolean(number.isPresent());
      out.writeLong(number.orElse(0));
    } else if (value instanceof Durations durations) {
      long[] nanos = durations.nanos().toArray();
      out.writeInt(nanos.length);
      for (long number : nanos) {
        out.writeLong(number);
      }
    } else if (value instanceof String || value instanceof Constraint) {
      String text = value.toString();
      out.writeInt(text.length());
      out.writeChars(text);
    } else {
      throw new IllegalArgumentException(
          "A " + value.getClass().getName() + " can't go to another process");
    }
  }

  private Object readScalar(Class<?> type, DataInputStream in) throws IOException {
    if (type == int.class || type == Integer.class) {
      return in.readInt();
    } else if (type == long.class || type == Long.class) {
      return in.readLong();
    } else if (type == float.class || type == Float.class) {
      return in.readFloat();
    } else if (type == double.class || type == Double.class) {
      return in.readDouble();
    } else if (type == boolean.class || type == Boolean.class) {
      return in.readBoolean();
    }
    return readValue(type, in);
  }

  private Object readValue(Class<?> type, DataInputStream in) throws IOException {
    if (type == Duration.class) {
      return duration(in.readLong(), in.readInt());
    } else if (type == OptionalInt.class) {
      boolean isPresent = in.readBoolean();
      int number = in.readInt();
      return isPresent ? OptionalInt.of(number) : OptionalInt.empty();
    } else if (type == OptionalLong.class) {
      boolean isPresent = in.readBoolean();
      long number = in.readLong();
      return isPresent ? OptionalLong.of(number) : OptionalLong.empty();
    } else if (type == Durations.class) {
      return durations(in);
    } else if (type == String.class) {
      return text(in);
    } else if (type == Constraint.class) {
      return constraint(text(in));
    }
    throw new IOException("A " + type.getName() + " can't come from another process");
  }

  private static Duration duration(long seconds, int nanos) throws IOException {
    if (nanos < 0 || nanos > MOST_NANOS) {
      throw new IOException("A message holds a second of " + nanos + " nanoseconds");
    }
    return Duration.ofSeconds(seconds, nanos);
  }

  private static Constraint constraint(String text) throws IOException {
    try {
      return Constraint.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IOException("A message holds an invalid constraint", e);
    }
  }

  private Durations durations(DataInputStream in) throws IOException {
    long[] nanos = new long[count(in, Long.BYTES)];
    for (int i = 0; i < nanos.length; i++) {
      nanos[i] = in.readLong();
    }
    return Durations.of(nanos);
  }

  private String text(DataInputStream in) throws IOException {
    char[] characters = new char[count(in, Character.BYTES)];
    for (int i = 0; i < characters.length; i++) {
      characters[i] = in.readChar();
    }
    return new String(characters);
  }

  /** How many elements follow, of which each takes at least so many bytes. */
  private static int count(DataInputStream in, int leastBytes) throws IOException {
    int count = in.readInt();
    int most = in.available() / leastBytes;
    if (count < 0 || count > most) {
      throw new IOException("A message holds " + count + " elements; expected 0 to " + most);
    }
    return count;
  }
}
