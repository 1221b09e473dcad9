package dev.loquat.quantization;

import com.sun.jna.Memory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** Converted weights in native memory: a piece for the codes, scales and offsets of each matrix. */
final class MemoryStore implements BlockStore {
  private final NavigableMap<Long, Memory> pieces = new TreeMap<>();

  MemoryStore(List<QuantizedMatrix> layout) {
    for (QuantizedMatrix matrix : layout) {
      pieces.put(matrix.codesPosition(), new Memory(matrix.codesLength()));
      pieces.put(matrix.scalesPosition(), new Memory(matrix.scalesLength()));
      if (matrix.format().offset()) {
        pieces.put(matrix.offsetsPosition(), new Memory(matrix.scalesLength()));
      }
    }
  }

  @Override
  public void write(long position, ByteBuffer bytes) {
    view(position, bytes.remaining()).put(bytes);
  }

  @Override
  public void read(long position, ByteBuffer destination) {
    destination.put(view(position, destination.remaining()));
  }

  @Override
  public Optional<Path> file() {
    return Optional.empty();
  }

  @Override
  public long fileOffset() {
    return 0;
  }

  @Override
  public void close() {
    pieces.values().forEach(Memory::close);
    pieces.clear();
  }

  /** The whole piece that begins at a position. */
  ByteBuffer piece(long position) {
    Memory piece = pieces.get(position);
    if (piece == null) {
      throw new IllegalStateException("No converted weights begin at " + position);
    }
    return piece.getByteBuffer(0, piece.size()).order(ByteOrder.LITTLE_ENDIAN);
  }

  private ByteBuffer view(long position, int bytes) {
    var piece = pieces.floorEntry(position);
    if (piece == null) {
      throw new IllegalStateException("The converted weights are closed; convert them again");
    }
    return piece.getValue().getByteBuffer(position - piece.getKey(), bytes);
  }
}
