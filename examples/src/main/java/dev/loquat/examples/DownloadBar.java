package dev.loquat.examples;

import dev.loquat.checkpoint.hub.DownloadListener;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;

/** A progress bar for each file on its way from a model hub; nothing where nothing is fetched. */
final class DownloadBar implements DownloadListener, AutoCloseable {
  private String current = "";
  private @Nullable ProgressBar bar;

  @Override
  public void onProgress(String file, long bytesDone, long bytesTotal) {
    if (!file.equals(current) || bar == null) {
      close();
      current = file;
      bar = new ProgressBar(file, bytesTotal);
    }
    bar.stepTo(bytesDone);
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
