package dev.loquat.testkit.engine;

import dev.loquat.backend.Support;
import dev.loquat.device.Device;
import dev.loquat.testkit.mutation.ProviderDecorator;
import dev.loquat.testkit.scripted.ScriptedBackendProvider;
import java.util.concurrent.CountDownLatch;

/** The backend "watched": tells when it is asked on the thread that runs ahead of a load. */
public final class WatchedProvider extends ProviderDecorator {
  static final String NAME = "watched";

  /** A service is created anew for each load. */
  static final CountDownLatch ASKED_AHEAD = new CountDownLatch(1);

  /** Creates it, as services are. */
  public WatchedProvider() {
    super(new ScriptedBackendProvider());
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Support supports(Device device) {
    if (Thread.currentThread().getName().equals("loquat-backend-ahead")) {
      ASKED_AHEAD.countDown();
    }
    return super.supports(device);
  }
}
