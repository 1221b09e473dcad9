package dev.loquat.testkit.pipeline;

import dev.loquat.backend.BackendProvider;
import dev.loquat.testkit.BackendContract;

class PipelineContractTest extends BackendContract {

  @Override
  protected BackendProvider provider() {
    return new PipelinedProvider();
  }
}
