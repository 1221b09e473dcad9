package dev.loquat.quantization;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Converted weights in a file, behind its header.
 *
 * <p>A {@link RandomAccessFile}, unlike a channel, survives the interrupt of a thread that uses it.
 */
final class FileStore implements BlockStore {
  private final Path path;
  private final RandomAccessFile file;

  private FileStore(Path path, RandomAccessFile file) {
    this.path = path;
    this.file = file;
  }

  /** Opens a new file to be written. */
  static FileStore create(Path path) throws IOException {
    return of(path, new RandomAccessFile(path.toFile(), "rw"));
  }

  /** Writes and reads by way of an open file, which is closed with this. */
  static FileStore of(Path path, RandomAccessFile file) {
    return new FileStore(path, file);
  }

  /** Opens a file to be read. */
  static FileStore open(Path path) throws IOException {
    return new FileStore(path, new RandomAccessFile(path.toFile(), "r"));
  }

  @Override
  public synchronized void write(long position, ByteBuffer bytes) throws IOException {
    file.seek(fileOffset() + position);
    file.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
  }

  @Override
  public synchronized void read(long position, ByteBuffer destination) throws IOException {
    byte[] bytes = new byte[Math.min(destination.remaining(), 1 << 16)];
    file.seek(fileOffset() + position);
    while (destination.hasRemaining()) {
      int read = file.read(bytes, 0, Math.min(bytes.length, destination.remaining()));
      if (read < 0) {
        throw new EOFException(path + " ends at byte " + file.length());
      }
      destination.put(bytes, 0, read);
    }
  }

  @Override
  public Optional<Path> file() {
    return Optional.of(path);
  }

  @Override
  public long fileOffset() {
    return BlockFileHeader.LENGTH;
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends a new file with its header, for {@link #verify} to compare with. */
  synchronized void seal(byte[] key, long length) throws IOException {
    file.setLength(fileOffset() + length);
    BlockFileHeader header = new BlockFileHeader(key, length, checksum(length));
    file.seek(0);
    file.write(header.bytes());
    file.getFD().sync();
  }

  /**
   * Compares the file with its header and the header with what is expected.
   *
   * @return what is wrong; empty if nothing is
   */
  synchronized String verify(byte[] key, long length) throws IOException {
    if (file.length() != fileOffset() + length) {
      return "it has " + file.length() + " bytes, expected " + (fileOffset() + length);
    }
    byte[] header = new byte[BlockFileHeader.LENGTH];
    file.seek(0);
    file.readFully(header);
    if (!new BlockFileHeader(key, length, checksum(length)).equalsBytes(header)) {
      return "its header or checksum does not match";
    }
    return "";
  }

  private long checksum(long length) throws IOException {
    CRC32C checksum = new CRC32C();
    byte[] bytes = new byte[1 << 18];
    file.seek(fileOffset());
    for (long left = length; left > 0; ) {
      int count = (int) Math.min(bytes.length, left);
      file.readFully(bytes, 0, count);
      checksum.update(bytes, 0, count);
      left -= count;
    }
    return checksum.getValue();
  }
}
