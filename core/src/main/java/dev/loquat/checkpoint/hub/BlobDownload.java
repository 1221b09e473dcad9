package dev.loquat.checkpoint.hub;

import dev.loquat.error.DownloadException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Fetches one blob into a partial file, goes on where an earlier attempt ended, and checks it. */
final class BlobDownload {
  private static final int BUFFER_BYTES = 1 << 17;

  private final HubClient client;
  private final RemoteFile file;
  private final Path partial;
  private final DownloadListener listener;

  BlobDownload(HubClient client, RemoteFile file, Path partial, DownloadListener listener) {
    this.client = client;
    this.file = file;
    this.partial = partial;
    this.listener = listener;
  }

  /** Makes the blob, complete and checked. The caller holds its lock. */
  void to(Path blob) throws IOException {
    Files.createDirectories(partial.getParent());
    client.retries().run(file.uri(), this::attempt, this::arrived);
    check();
    Files.move(partial, blob, StandardCopyOption.ATOMIC_MOVE);
  }

  private Boolean attempt() throws IOException {
    try (FileChannel channel = open()) {
      if (channel.size() > file.bytes()) {
        channel.truncate(0);
      }
      if (channel.size() < file.bytes()) {
        transfer(channel);
      }
      channel.force(true);
    }
    return true;
  }

  private FileChannel open() {
    try {
      return FileChannel.open(partial, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw HubFailures.disk(partial, e);
    }
  }

  private void transfer(FileChannel channel) throws IOException {
    HttpResponse<InputStream> response = client.open(file, channel.size());
    try (InputStream body = response.body()) {
      long start = start(response, channel);
      channel.position(start);
      append(body, channel);
    }
    if (channel.size() < file.bytes()) {
      throw new IOException("the server sent " + channel.size() + " of " + file.bytes() + " bytes");
    }
  }

  /** Where the body belongs: at the end of what is here, or at the start if it is the whole. */
  private long start(HttpResponse<InputStream> response, FileChannel channel) throws IOException {
    if (response.statusCode() == 416) {
      channel.truncate(0);
      throw new IOException("the server does not have the bytes that are missing");
    }
    HubTransport.requireStatus(file.uri(), response, List.of(200, 206));
    if (response.statusCode() == 200) {
      channel.truncate(0);
      return 0;
    }
    String expected = "bytes " + channel.size() + "-" + (file.bytes() - 1) + "/" + file.bytes();
    String range = response.headers().firstValue("Content-Range").orElse("");
    if (!range.equals(expected)) {
      channel.truncate(0);
      throw new IOException("the server sends '" + range + "'; expected '" + expected + "'");
    }
    return channel.size();
  }

  private void append(InputStream body, FileChannel channel) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
      if (channel.position() + count > file.bytes()) {
        throw HubFailures.lying(file.uri(), "sends more than its " + file.bytes() + " bytes");
      }
      write(channel, ByteBuffer.wrap(buffer, 0, count));
      listener.onProgress(file.name(), channel.position(), file.bytes());
    }
  }

  /** A full disk must not look like a bad network. */
  private void write(FileChannel channel, ByteBuffer bytes) {
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw HubFailures.disk(partial, e);
    }
  }

  private long arrived() {
    try {
      return Files.exists(partial) ? Files.size(partial) : 0;
    } catch (IOException e) {
      throw HubFailures.disk(partial, e);
    }
  }

  private void check() throws IOException {
    if (!file.tag().matches(partial)) {
      Files.delete(partial);
      throw new DownloadException(
          file.uri()
              + " arrived damaged: its checksum is not "
              + file.tag().value()
              + ". What arrived was deleted; fetch it again.");
    }
  }
}
