package dev.loquat.checkpoint.hub;

import com.fasterxml.jackson.databind.JsonNode;
import dev.loquat.checkpoint.CheckpointFiles;
import dev.loquat.error.DownloadException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a repository holds at a commit.
 *
 * @param model the repository and the revision that was asked for
 * @param commit the commit that the revision is now
 * @param files the names of its files, not to be trusted as paths
 */
record RepositoryListing(HubModel model, String commit, Set<String> files) {

  RepositoryListing {
    if (!HubModel.isCommit(commit)) {
      throw new IllegalArgumentException("The commit is no hash of 40 digits");
    }
    files = Set.copyOf(files);
  }

  static RepositoryListing read(HubModel model, JsonNode json) {
    Set<String> files = new LinkedHashSet<>();
    for (JsonNode sibling : json.path("siblings")) {
      files.add(sibling.path("rfilename").asText());
    }
    return new RepositoryListing(model, json.path("sha").asText(), files);
  }

  /** The small files that are there; fails early where a model can't be without one. */
  List<String> descriptions() {
    require(CheckpointFiles.CONFIG);
    require(CheckpointFiles.TOKENIZER);
    return CheckpointFiles.descriptions().stream().filter(files::contains).toList();
  }

  boolean isSharded() {
    if (files.contains(CheckpointFiles.WEIGHTS)) {
      return false;
    }
    require(CheckpointFiles.INDEX);
    return true;
  }

  /** Fails if there is no such file. */
  void require(String name) {
    if (!files.contains(name)) {
      throw new DownloadException(
          model
              + " has no "
              + name
              + " at commit "
              + commit
              + "; expected config.json, tokenizer.json and safetensors weights. Choose a"
              + " repository or revision that has them.");
    }
  }
}
