package dev.loquat.checkpoint.hub;

/**
 * Hears of the progress of downloads.
 *
 * <p>Called on the thread that asked for the model. What it throws ends the download and reaches
 * that caller; what was fetched so far is kept and a later attempt goes on from there.
 */
@FunctionalInterface
public interface DownloadListener {

  /**
   * A piece of a file arrived. The last call for a file has {@code bytesDone == bytesTotal}; files
   * that are in the cache already are not reported.
   *
   * @param file the file's name in the repository
   * @param bytesDone how many of its bytes are here, those of earlier attempts included
   * @param bytesTotal the size of the file in bytes
   */
  void onProgress(String file, long bytesDone, long bytesTotal);

  /**
   * A listener that does nothing.
   *
   * @return the listener
   */
  static DownloadListener none() {
    return (file, bytesDone, bytesTotal) -> {};
  }
}
