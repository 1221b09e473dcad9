package dev.loquat.quantization;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/** Where converted weights lie. Several threads may write to it; the positions do not overlap. */
interface BlockStore extends AutoCloseable {

  /** Puts bytes at a position among the converted weights. */
  void write(long position, ByteBuffer bytes) throws IOException;

  /** Copies bytes from a position until the destination is full. */
  void read(long position, ByteBuffer destination) throws IOException;

  /** The file that holds them, if one does. */
  Optional<Path> file();

  /** The byte of the file at which position 0 lies. */
  long fileOffset();

  /** Gives memory and file back. A second call does nothing. */
  @Override
  void close();
}
